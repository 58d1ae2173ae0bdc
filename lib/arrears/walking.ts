import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { payDebts, readPayingDebtors } from '#lib/ledger/arrears.ts';
import { lockWallets } from '#lib/ledger/posting.ts';
import { tell } from '#lib/notices/writing.ts';
import type { NewNotice, NoticeKind } from '#lib/notices/types.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { submitCommand } from '#lib/reservations/command-log.ts';
import { readWaitingJobs } from '#lib/reservations/open-ends.ts';
import { dueSteps } from './arrears.ts';
import { readSituations, type Situation } from './facts.ts';
import { isAnybodyConcerned, readStandings, type TakenStep, writeSteps } from './store.ts';
import type { ArrearsState, ArrearsStep } from './types.ts';

/** Organisations that are written in one transaction; the rest follow in the next walk. */
const WALKED_MAX = 200;
/** What the keys of commands begin with that withdraw the jobs of released organisations. */
const RELEASE_KEY = 'arrears-release:';

const TOLD = {
  ok: 'arrearsCalm',
  warned: 'arrearsWarned',
  lastHour: 'arrearsLastHour',
  grace: 'arrearsGrace',
  stopped: 'arrearsStopped',
  retained: 'arrearsRetained',
  released: 'arrearsReleased',
} as const satisfies Record<ArrearsState, NoticeKind>;

function kindOf({ from, to }: ArrearsStep): NoticeKind {
  if (to === 'ok') return from === 'warned' || from === 'lastHour' ? 'arrearsCalm' : 'arrearsPaid';
  return to === 'grace' && from === 'grace' ? 'arrearsGraceLonger' : TOLD[to];
}

function noticeOf({ organisationId, step, facts }: TakenStep): NewNotice {
  const { runsOutAt, stopAt, releaseAt } = step.next;
  return {
    organisationId,
    kind: kindOf(step),
    sourceKey: `arrears:${step.number}`,
    data: {
      at: step.at,
      runsOutAt,
      stopAt,
      releaseAt,
      owedUnits: `${facts.owedUnits}`,
      spendableUnits: `${facts.spendableUnits}`,
    },
  };
}

const stepsOf = (situations: readonly Situation[], now: Ctx['now']): TakenStep[] =>
  situations.flatMap(({ organisationId, standing, terms, facts }) =>
    dueSteps(standing, facts, terms, now).map((step) => ({ organisationId, step, facts })),
  );

/**
 * Takes the steps that are due of some organisations, from what is there under the locks of their wallets: whoever pays
 * at the same moment has paid before, or waits for the step. A step, its notice and its audit entry are one transaction.
 */
async function takeSteps(ctx: Ctx, tx: Tx, organisationIds: readonly Situation['organisationId'][]): Promise<number> {
  await lockWallets(tx, organisationIds);
  const taken = stepsOf(await readSituations(tx, ctx.now, organisationIds), ctx.now);
  await writeSteps(tx, taken, ctx.now);
  await tell(ctx, tx, taken.map(noticeOf));
  for (const { organisationId, step } of taken) {
    const { number, from, to, at } = step;
    await record(ctx, tx, 'arrears.step', organisationId, { number, from, to, at }, organisationId);
  }
  return taken.length;
}

/** Takes the jobs of released organisations out of the queue: asked of each pool's leader, once for each job. */
async function withdrawJobs(ctx: Ctx, released: readonly Situation[]): Promise<void> {
  for (const { organisationId, standing } of released) {
    const waiting = await withTx(ctx, (tx) => readWaitingJobs(tx, organisationId, standing.sinceAt, RELEASE_KEY));
    for (const { id, poolId } of waiting) {
      const payload = { kind: 'cancelQueuedJob', jobId: id } as const;
      const submission = { poolId, organisationId, payload, request: payload, idempotencyKey: `${RELEASE_KEY}${id}` };
      await submitCommand(ctx, submission, newId('command', ctx.now));
    }
  }
}

/**
 * One walk over the organisations: pays debts out of wallets that hold something again, then takes every step that is
 * due. Two engines may walk at once: the second finds the first's steps taken, under the same locks. Answers how many
 * steps were taken.
 */
export async function walkArrears(ctx: Ctx): Promise<number> {
  authorize(ctx, 'arrears:walk');
  const situations = await withTx(ctx, async (tx) => {
    if (!(await isAnybodyConcerned(tx))) return [];
    await payDebts(ctx, tx, await readPayingDebtors(tx));
    return readSituations(tx, ctx.now, null);
  });
  const due = [...new Set(stepsOf(situations, ctx.now).map(({ organisationId }) => organisationId))];
  const now = due.slice(0, WALKED_MAX).sort();
  const taken = now.length === 0 ? 0 : await withTx(ctx, (tx) => takeSteps(ctx, tx, now));
  await withdrawJobs(
    ctx,
    situations.filter(({ standing }) => standing.state === 'released'),
  );
  return taken;
}

/** How many organisations stand where; for whoever watches the walk. */
export async function countStandings(ctx: Ctx): Promise<ReadonlyMap<ArrearsState, number>> {
  authorize(ctx, 'arrears:read');
  const standings = await withTx(ctx, (tx) => readStandings(tx, null));
  const counts = new Map<ArrearsState, number>();
  for (const { state } of standings.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}
