import 'server-only';
import { assertNever } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import type { Tx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { reverse } from '../corrections.ts';
import { decideProposal, insertProposal } from '../line-store.ts';
import { closeMonth, ledgerRefusalOf, post, resolveHolds } from '../posting.ts';
import type { Journal } from '../types.ts';
import type { Attempt } from './attempt.ts';
import type { Expected, Step } from './play.ts';

/** The real books did otherwise than the model says they must. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

const outcomeOf = (error: unknown): string =>
  ledgerRefusalOf(error)?.code ?? databaseErrorOf(error)?.sqlState ?? String(error);

async function setLine(ctx: Ctx, tx: Tx, attempt: Extract<Attempt, { kind: 'line' }>): Promise<Expected> {
  const { organisation: organisationId, account, limit, isSamePerson } = attempt;
  const change = {
    id: newId('creditLine', ctx.now),
    organisationId,
    account,
    limitUnits: units(limit),
    reason: 'proof',
    state: 'proposed',
    proposedBy: 'user:usr_one',
    proposedAt: ctx.now,
    decidedBy: null,
    decidedAt: null,
  } as const;
  await insertProposal(tx, change);
  const decide = (isApproved: boolean, by: string) => decideProposal(tx, change, { isApproved, by, at: ctx.now });
  const outcome = await decide(true, isSamePerson ? 'user:usr_one' : 'user:usr_two');
  if (outcome === 'approved') return 'created';
  // What was not approved does not wait for ever.
  await decide(false, 'user:usr_two');
  return outcome === 'inUse' || outcome === 'samePerson' ? outcome : 'journalUnknown';
}

async function postAll(ctx: Ctx, tx: Tx, journals: readonly Journal[]): Promise<Expected> {
  const outcomes = new Set((await post(ctx, tx, journals)).values());
  return outcomes.has('created') ? 'created' : 'exists';
}

async function attemptAlone(ctx: Ctx, tx: Tx, attempt: Attempt): Promise<Expected> {
  switch (attempt.kind) {
    case 'nothing':
      return 'exists';
    case 'post':
      return postAll(ctx, tx, attempt.journals);
    case 'reverse':
      return (await reverse(ctx, tx, attempt.key, attempt.reason)).outcome;
    case 'close':
      await closeMonth(tx, attempt.month, ctx.now);
      return 'created';
    case 'line':
      return setLine(ctx, tx, attempt);
    case 'resolve': {
      const outcome = attempt.rest ? await postAll(ctx, tx, [attempt.rest]) : 'exists';
      await resolveHolds(tx, [attempt.reservation], ctx.now);
      return outcome;
    }
    default:
      return assertNever(attempt);
  }
}

const isDone = (expected: Expected): boolean => expected === 'created' || expected === 'exists';

/** One attempt by itself; one that must be refused is taken back to a savepoint, as a failed transaction would be. */
async function demand(ctx: Ctx, tx: Tx, { operation, attempt, expected }: Step): Promise<void> {
  if (!isDone(expected)) await tx.$executeRaw`SAVEPOINT step`;
  const outcome = await attemptAlone(ctx, tx, attempt).catch(outcomeOf);
  if (outcome !== expected)
    throw new Broken(`${JSON.stringify(operation)} came to ${outcome}, but must come to ${expected}`);
  if (!isDone(expected)) await tx.$executeRaw`ROLLBACK TO SAVEPOINT step`;
}

/** Several journals in one statement, each of which must come to what the model says. */
async function demandTogether(ctx: Ctx, tx: Tx, steps: readonly Step[]): Promise<void> {
  const pairs = steps.flatMap((step) =>
    step.attempt.kind === 'post'
      ? step.attempt.journals.filter(({ legs }) => legs.length > 0).map((journal) => ({ step, journal }))
      : [],
  );
  const found = await post(
    ctx,
    tx,
    pairs.map(({ journal }) => journal),
  ).catch((error: unknown) => {
    const names = steps.map(({ operation }) => JSON.stringify(operation)).join('\n');
    throw new Broken(`these came to ${outcomeOf(error)}, but must all be posted:\n${names}`);
  });
  for (const { step, journal } of pairs) {
    const outcome = found.get(journal.key) ?? 'exists';
    if (outcome !== step.expected)
      throw new Broken(`${JSON.stringify(step.operation)} came to ${outcome}, but must come to ${step.expected}`);
  }
}

/**
 * What an organisation owes is held against its wallet once a statement, at its end: a wallet that spends before something is
 * lent or disputed would be said to spend what is owed, were both one statement.
 */
const leavesLessThanOwed = (attempt: Attempt): boolean =>
  attempt.kind === 'post' && attempt.journals.some(({ kind }) => kind === 'gracePlaced' || kind === 'disputeBlocked');

/**
 * Does steps in the real books, in one transaction: neighbours that must all be posted in one statement, everything else
 * by itself. Deferred walls speak before the end.
 */
export async function performSteps(ctx: Ctx, tx: Tx, steps: readonly Step[]): Promise<void> {
  let together: Step[] = [];
  let keys = new Set<string>();
  const flush = async (): Promise<void> => {
    const posted = together;
    [together, keys] = [[], new Set()];
    if (posted.length > 0) await demandTogether(ctx, tx, posted);
  };
  for (const step of steps) {
    const { attempt, expected } = step;
    if (attempt.kind === 'nothing') continue;
    const own = attempt.kind === 'post' ? attempt.journals.map(({ key }) => key) : [];
    const isJoining = attempt.kind === 'post' && isDone(expected) && !own.some((key) => keys.has(key));
    if (!isJoining || leavesLessThanOwed(attempt)) await flush();
    if (attempt.kind === 'post' && isDone(expected)) {
      together.push(step);
      for (const key of own) keys.add(key);
    } else await demand(ctx, tx, step);
  }
  await flush();
  await tx.$executeRaw`SET CONSTRAINTS ALL IMMEDIATE`;
}

/** One account as the database has it, as text. */
export async function readAccounts(tx: Tx, paths: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<{ path: string; line: string }[]>`
    SELECT a.path, concat_ws(' ', a.balance_units, a.minimum_units, a.posting_count, h.placed_units, h.captured_units, h.released_units,
      CASE WHEN h.resolved_at IS NOT NULL THEN 'resolved' WHEN h.account_id IS NOT NULL THEN 'open' END) AS line
    FROM account a LEFT JOIN hold h ON h.account_id = a.id WHERE a.path = ANY(${paths}::text[])`;
  return new Map(rows.map(({ path, line }) => [path, line]));
}

/** Journals as the database has them, with their legs, as text. */
export async function readJournalLines(tx: Tx, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.$queryRaw<
    { key: string; kind: string; effective_at: Date; reverses_key: string | null; legs: string }[]
  >`
    SELECT j.key, j.kind, j.effective_at, j.reverses_key,
      string_agg(concat_ws(' ', a.path, p.asset, p.debit_units, p.credit_units), '; ' ORDER BY p.leg) AS legs
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
    WHERE j.key = ANY(${keys}::text[]) GROUP BY j.id`;
  return new Map(
    rows.map((row) => [
      row.key,
      `${row.kind} ${row.effective_at.toISOString()} ${row.reverses_key ?? '-'} ${row.legs}`,
    ]),
  );
}

/** The line that {@link readJournalLines} must give for a journal of the model. */
export function journalLine(journal: Journal, reverses: string | null): string {
  const legs = journal.legs.map(
    (leg) => `${leg.account.path} ${leg.account.asset} ${leg.debitUnits} ${leg.creditUnits}`,
  );
  return `${journal.kind} ${toDate(journal.effectiveAt).toISOString()} ${reverses ?? '-'} ${legs.join('; ')}`;
}
