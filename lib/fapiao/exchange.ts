import 'server-only';
import { record } from '#lib/audit/record.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { type Id, parseId } from '#lib/core/id.ts';
import { shanghaiDateOf } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { readExcesses } from './account-store.ts';
import { findBatch, insertBatch, readBatches, readNumbersOf, readQueueCounts } from './batch-store.ts';
import { fileExchange } from './file-exchange.ts';
import type { FapiaoProvider, IssueOrder, IssueOutcome, OrdersFile } from './provider.ts';
import { lockFapiao, readBatchFapiao, readFapiaoLines, readFapiaoNamed, readTakenNumbers, writeStep } from './store.ts';
import type { Batch, Excess, FapiaoRefusal, FapiaoView } from './types.ts';
import { type Conflict, conflictOf, type JudgedResult, judgeResults, type KnownFapiao } from './verdict.ts';

/** The most that one batch takes. */
export const BATCH_MAX = 500;
const SHOWN = 10;
const UNIQUE_VIOLATION = '23505';

/** What finance has to look at: how much waits for what, whose fapiao are too much, and the newest batches. */
export type FapiaoQueue = {
  readonly waiting: number;
  readonly unconfirmed: number;
  readonly issuing: number;
  readonly excesses: readonly Excess[];
  readonly batches: readonly Batch[];
};

/** The queue of finance. */
export async function getFapiaoQueue(ctx: Ctx): Promise<FapiaoQueue> {
  authorize(ctx, 'fapiao:watch');
  return withTx(ctx, async (tx) => ({
    ...(await readQueueCounts(tx)),
    excesses: await readExcesses(tx, SHOWN),
    batches: await readBatches(tx, SHOWN),
  }));
}

/** Takes everything that waits, at most {@link BATCH_MAX}, into a batch to be issued. Refuses when nothing waits. */
export async function makeBatch(ctx: Ctx): Promise<Result<{ batchId: string; count: number }, FapiaoRefusal>> {
  authorize(ctx, 'fapiao:issue');
  const batchId = newId('fapiaoBatch', ctx.now);
  const made = { by: actorLabel(ctx.actor), at: ctx.now };
  return undoneWhenEmpty(() =>
    withTx(ctx, async (tx) => {
      const count = await insertBatch(tx, batchId, made, BATCH_MAX);
      if (count === 0) throw new NothingWaiting();
      await record(ctx, tx, 'fapiaoBatch.make', batchId, { count });
      return accept({ batchId, count });
    }),
  );
}

/** Takes back the batch that turned out empty. */
class NothingWaiting extends Error {
  override readonly name = 'NothingWaiting';
}

async function undoneWhenEmpty<T>(work: () => Promise<Result<T, FapiaoRefusal>>): Promise<Result<T, FapiaoRefusal>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NothingWaiting) return refuse({ code: 'fapiaoNothingWaiting' });
    throw error;
  }
}

async function readOrders(tx: Tx, batchId: string): Promise<IssueOrder[]> {
  const fapiao = await readBatchFapiao(tx, batchId);
  const lines = await readFapiaoLines(
    tx,
    fapiao.map(({ id }) => id),
  );
  const numberOf = await readNumbersOf(
    tx,
    fapiao.flatMap(({ blueId }) => (blueId === null ? [] : [blueId])),
  );
  return fapiao.map((each) => ({
    ...each,
    lines: lines.get(each.id) ?? [],
    takesBack:
      each.blueId === null ? null : { number: numberOf.get(each.blueId) ?? '', confirmation: each.confirmation ?? '' },
  }));
}

/** A batch as a file, the same bytes at any time; null when there is none of that id. */
export async function findBatchFile(
  ctx: Ctx,
  batchId: string,
  provider: FapiaoProvider = fileExchange,
): Promise<OrdersFile | null> {
  authorize(ctx, 'fapiao:issue');
  if (parseId('fapiaoBatch', batchId) === null) return null;
  return withTx(ctx, async (tx) => {
    const batch = await findBatch(tx, batchId);
    return batch ? provider.writeOrders(batch.id, batch.issuerName, await readOrders(tx, batch.id)) : null;
  });
}

const knownOf = (fapiao: FapiaoView): KnownFapiao => ({
  ...fapiao,
  requestedOn: shanghaiDateOf(fapiao.requestedAt),
});

/** Says of every row of a file of results what taking it over would do. Changes nothing. */
export async function previewResults(
  ctx: Ctx,
  text: string,
  provider: FapiaoProvider = fileExchange,
): Promise<Result<JudgedResult[], FapiaoRefusal>> {
  authorize(ctx, 'fapiao:issue');
  const results = provider.readResults(text);
  if (!results.ok) return results;
  const numbers = results.value.flatMap(({ read }) =>
    read.isRead && read.outcome.kind === 'issued' ? [read.outcome.number] : [],
  );
  return withTx(ctx, async (tx) => {
    // Numbers first: one that a fapiao itself was given in between is then seen as its own, not as somebody else's.
    const taken = await readTakenNumbers(tx, numbers);
    const known = await readFapiaoNamed(tx, [...new Set(results.value.map(({ salesNumber }) => salesNumber))]);
    return accept(judgeResults(results.value, known.map(knownOf), taken, shanghaiDateOf(ctx.now)));
  });
}

/** Takes one result over, judged again under the lock; the database refuses a number that is given twice. */
async function applyResult(ctx: Ctx, fapiaoId: string, outcome: IssueOutcome): Promise<Conflict | 'known' | null> {
  try {
    return await withTx(ctx, async (tx) => {
      const fapiao = await lockFapiao(tx, null, fapiaoId);
      if (!fapiao) return { code: 'unknown' };
      const taken = await readTakenNumbers(tx, outcome.kind === 'issued' ? [outcome.number] : []);
      const context = { today: shanghaiDateOf(ctx.now), isNumberTaken: taken.size > 0 };
      const conflict = conflictOf(knownOf(fapiao), outcome, context);
      if (conflict !== null) return conflict;
      const by = actorLabel(ctx.actor);
      const step =
        outcome.kind === 'issued'
          ? { to: 'issued' as const, note: outcome.number, issued: issuedPart(outcome) }
          : { to: 'refused' as const, note: outcome.reason };
      await writeStep(tx, fapiao.id, { ...step, by, at: ctx.now });
      await record(ctx, tx, `fapiao.${step.to}`, fapiao.id, { note: step.note }, fapiao.organisationId);
      return null;
    });
  } catch (error) {
    if (databaseErrorOf(error)?.sqlState === UNIQUE_VIOLATION) return { code: 'numberTaken' };
    throw error;
  }
}

const issuedPart = ({ number, issuedOn, documentUrl }: Extract<IssueOutcome, { kind: 'issued' }>) => ({
  number,
  issuedOn,
  documentUrl,
});

/**
 * Takes over what a file of results says, each in a transaction of its own, and answers what became of every row. What
 * is so already stays as it is, so the same file twice changes nothing, and an interrupted import is finished by
 * sending it again.
 */
export async function importResults(
  ctx: Ctx,
  text: string,
  provider: FapiaoProvider = fileExchange,
): Promise<Result<JudgedResult[], FapiaoRefusal>> {
  authorize(ctx, 'fapiao:issue');
  const preview = await previewResults(ctx, text, provider);
  if (!preview.ok) return preview;
  const done: JudgedResult[] = [];
  for (const row of preview.value) {
    if (row.verdict.kind !== 'new' || !row.read.isRead || row.fapiaoId === null) {
      done.push(row);
      continue;
    }
    const conflict = await applyResult(ctx, row.fapiaoId, row.read.outcome);
    const verdict =
      conflict === null
        ? ({ kind: 'done' } as const)
        : conflict === 'known'
          ? ({ kind: 'known' } as const)
          : ({ kind: 'conflict', conflict } as const);
    done.push({ ...row, verdict });
  }
  return accept(done);
}

/** Finance declines what was asked for, with a reason that the customer reads. Not once it is issued. */
export async function refuseFapiao(
  ctx: Ctx,
  input: { readonly fapiaoId: string; readonly reason: string },
): Promise<Result<{ id: Id<'fapiao'> }, FapiaoRefusal>> {
  authorize(ctx, 'fapiao:issue');
  return withTx(ctx, async (tx) => {
    const fapiao = await lockFapiao(tx, null, input.fapiaoId);
    if (!fapiao) return refuse({ code: 'fapiaoUnknown' });
    const { id, state, organisationId } = fapiao;
    // After it is handed over only a result says so: the tax bureau may have issued it already.
    if (state === 'issuing' || state === 'issued' || state === 'refused' || state === 'withdrawn')
      return refuse({ code: 'fapiaoNotInState', state });
    await writeStep(tx, id, { to: 'refused', by: actorLabel(ctx.actor), at: ctx.now, note: input.reason });
    await record(ctx, tx, 'fapiao.refuse', id, { reason: input.reason }, organisationId);
    return accept({ id });
  });
}
