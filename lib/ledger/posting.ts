import 'server-only';
import { invariant } from '#lib/core/assert.ts';
import { canonicalJson } from '#lib/core/canonical.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { askDirectly, sendDirectly } from '#lib/platform/direct-statements.ts';
import { chart } from './chart.ts';
import { contentHash } from './content.ts';
import type { AccountRef, Journal, LedgerRefusal } from './types.ts';

const REFUSALS: Readonly<Record<string, LedgerRefusal['code']>> = {
  KL404: 'journalUnknown',
  KL426: 'journalNotReversible',
  KL409: 'journalKeyReused',
  KL403: 'monthClosed',
  KL402: 'insufficientFunds',
  KL423: 'holdResolved',
  KL422: 'journalUnbalanced',
  KL424: 'pairNotPermitted',
  KL427: 'reversalNotExact',
};

/** The named refusal behind an error that ended a posting's transaction; null when it was something else. */
export function ledgerRefusalOf(error: unknown): LedgerRefusal | null {
  const found = databaseErrorOf(error);
  const code = found ? REFUSALS[found.sqlState] : undefined;
  return code === undefined ? null : { code };
}

/** The columns of `ledger_post_each()` over accounts and legs, which name their journals and accounts by position from one. */
export function columnsOf(journals: readonly Journal[]) {
  const accounts = new Map<string, { ref: AccountRef; index: number }>();
  const legs = { journal: [] as number[], account: [] as number[], debit: [] as string[], credit: [] as string[] };
  journals.forEach((journal, position) => {
    for (const { account, debitUnits, creditUnits } of journal.legs) {
      const known = accounts.get(account.path) ?? { ref: account, index: accounts.size + 1 };
      accounts.set(account.path, known);
      legs.journal.push(position + 1);
      legs.account.push(known.index);
      legs.debit.push(debitUnits.toString());
      legs.credit.push(creditUnits.toString());
    }
  });
  return { accounts: [...accounts.values()].map(({ ref }) => ref), legs };
}

/** The statement that posts whole journals; null when there is nothing to post. */
function postingOf(ctx: Ctx, journals: readonly Journal[]): Prisma.Sql | null {
  const toPost = journals.filter((journal) => journal.legs.length > 0);
  if (toPost.length === 0) return null;
  invariant(new Set(toPost.map((journal) => journal.key)).size === toPost.length, 'a key stands once in a call');
  const { accounts, legs } = columnsOf(toPost);
  const [by, at] = [actorLabel(ctx.actor), toDate(ctx.now)];
  return Prisma.sql`
    SELECT key, outcome FROM ledger_post_each(
      ${toPost.map(() => by)}::text[], ${toPost.map(() => at)}::timestamptz[],
      ${toPost.map((j) => j.key)}::text[], ${toPost.map((j) => j.kind)}::text[],
      ${toPost.map((j) => j.organisationId)}::text[], ${toPost.map((j) => toDate(j.effectiveAt))}::timestamptz[],
      ${toPost.map((j) => canonicalJson(j.source))}::text[], ${toPost.map(contentHash)}::text[],
      ${accounts.map((a) => a.path)}::text[], ${accounts.map((a) => a.kind)}::text[],
      ${accounts.map((a) => a.organisationId)}::text[], ${accounts.map((a) => a.asset)}::text[],
      ${legs.journal}::int[], ${legs.account}::int[], ${legs.debit}::text[]::bigint[], ${legs.credit}::text[]::bigint[])`;
}

/**
 * Posts whole journals in one statement and answers each key's outcome: `exists` when the same journal was posted
 * before. Journals without legs are left out. A refusal ends the transaction: see {@link ledgerRefusalOf}.
 */
export async function post(ctx: Ctx, tx: Tx, journals: readonly Journal[]): Promise<Map<string, 'created' | 'exists'>> {
  const statement = postingOf(ctx, journals);
  if (statement === null) return new Map();
  const rows = await askDirectly<{ key: string; outcome: 'created' | 'exists' }>(tx, statement);
  return new Map(rows.map(({ key, outcome }) => [key, outcome]));
}

/** Posts whole journals as {@link post}, where the outcome of each is not asked for: what comes next goes out behind it at once. */
export function sendPosting(ctx: Ctx, tx: Tx, journals: readonly Journal[]): void {
  const statement = postingOf(ctx, journals);
  if (statement !== null) sendDirectly(tx, statement);
}

/** Opens an organisation's wallet, so that there is a row to lock before its first posting. */
export async function openWallet(tx: Tx, organisationId: Id<'organisation'>): Promise<void> {
  const { path, kind, asset } = chart.wallet(organisationId);
  await tx.$executeRaw`SELECT ledger_open(${path}, ${kind}, ${asset}, ${organisationId})`;
}

/**
 * Locks wallets for the rest of the transaction and answers what each may still spend: below zero where more is owed
 * for hours of grace than the wallet holds.
 */
export async function lockWallets(
  tx: Tx,
  organisationIds: readonly Id<'organisation'>[],
): Promise<Map<Id<'organisation'>, Units>> {
  const paths = new Map(
    organisationIds.flatMap((id) => [chart.wallet(id), chart.arrears(id)].map(({ path }) => [path, id])),
  );
  // What is owed is locked too: read beside the lock, it could be older than the wallet that pays it.
  const rows = await askDirectly<{ path: string; spendable: bigint }>(
    tx,
    Prisma.sql`SELECT path, CASE WHEN path LIKE 'wallet:%' THEN balance_units - minimum_units ELSE balance_units END AS spendable
      FROM ledger_lock(${[...paths.keys()]}::text[])`,
  );
  const found = new Map<Id<'organisation'>, Units>();
  for (const { path, spendable } of rows) {
    const id = paths.get(path);
    invariant(id !== undefined, `${path} was not asked for`);
    found.set(id, units((found.get(id) ?? 0n) + spendable));
  }
  return found;
}

/** What is left in the holds of reservations, money and card-seconds. Without a hold, nothing is left. */
export async function readHoldRests(
  tx: Tx,
  reservationIds: readonly Id<'reservation'>[],
): Promise<Map<Id<'reservation'>, { leftUnits: Units; leftCardSeconds: bigint }>> {
  const rows = await tx.$queryRaw<{ subject: string; left_units: bigint; left_seconds: bigint }[]>`
    SELECT r.subject, coalesce(h.placed_units - h.captured_units - h.released_units, 0) AS left_units,
      (SELECT coalesce(sum(p.credit_units - p.debit_units), 0)::bigint FROM posting p JOIN account a ON a.id = p.account_id
        WHERE a.path = 'capacity:reserved:' || r.subject) AS left_seconds
    FROM unnest(${reservationIds}::text[]) AS r (subject)
    LEFT JOIN (SELECT * FROM hold WHERE subject = ANY(${reservationIds}::text[])) h ON h.subject = r.subject`;
  return new Map(
    rows.map((row) => [
      row.subject as Id<'reservation'>,
      { leftUnits: units(row.left_units), leftCardSeconds: row.left_seconds },
    ]),
  );
}

/** Marks the holds of reservations resolved: once, and only when nothing is left in them. */
export async function resolveHolds(tx: Tx, reservationIds: readonly Id<'reservation'>[], at: Instant): Promise<void> {
  await tx.$executeRaw`SELECT ledger_resolve_holds(${reservationIds}::text[], ${toDate(at)}::timestamptz)`;
}

/** Closes a month: nothing more may become effective in it. */
export async function closeMonth(tx: Tx, month: string, at: Instant): Promise<void> {
  await tx.$executeRaw`SELECT ledger_close_month(${month}, ${toDate(at)}::timestamptz)`;
}
