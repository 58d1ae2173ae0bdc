import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { DueTerms } from './types.ts';

type Whose = Id<'organisation'> | null;

const ofOne = (column: Prisma.Sql, whose: Whose): Prisma.Sql =>
  whose === null ? Prisma.empty : Prisma.sql`AND ${column} = ${whose}`;

/**
 * What each month of use on account comes to, less what its broken promises were credited. Credits that count later than
 * the month lessen it all the same: they are about it.
 */
const MONTHS_OWED = Prisma.sql`(SELECT m.organisation_id, m.month, greatest(m.used_units - coalesce((SELECT sum(k.owed_units) FROM sla_credit k
    WHERE k.organisation_id = m.organisation_id AND k.month = m.month), 0), 0)::bigint AS amount FROM on_account_month m)`;

/** An organisation with an account of what it owes: what was received for it, and what disputes left. */
export type Debtor = {
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  /** Payments and credits on account, less those that were taken back. */
  readonly receivedUnits: Units;
  readonly disputedUnits: Units;
};

/** Who owes or owed on account, or for a dispute; of everybody or of one. */
export async function readDebtors(tx: Tx, whose: Whose): Promise<Debtor[]> {
  const rows = await tx.$queryRaw<{ id: string; name: string; received: bigint; disputed: bigint }[]>`
    SELECT o.id, o.name,
      coalesce(sum(a.balance_units) FILTER (WHERE a.kind = 'receivable'), 0)::bigint
        + coalesce((SELECT sum(m.amount) FROM ${MONTHS_OWED} m WHERE m.organisation_id = o.id), 0)::bigint AS received,
      -coalesce(sum(a.balance_units) FILTER (WHERE a.kind = 'receivableDisputed'), 0)::bigint AS disputed
    FROM account a JOIN organisation o ON o.id = a.organisation_id
    WHERE a.kind IN ('receivable', 'receivableDisputed') AND a.posting_count > 0 ${ofOne(Prisma.sql`o.id`, whose)}
    GROUP BY o.id, o.name ORDER BY o.name, o.id`;
  return rows.map(({ id, name, received, disputed }) => ({
    organisationId: idFrom('organisation', id),
    organisationName: name,
    receivedUnits: units(received),
    disputedUnits: units(disputed),
  }));
}

export type OwedMonth = {
  readonly organisationId: string;
  readonly month: Month;
  readonly amountUnits: Units;
  readonly invoice: { readonly id: Id<'invoice'>; readonly number: string; readonly issuedAt: Instant } | null;
};

/** What is asked for use on account by organisation and month, with the first invoice of that month. */
export async function readOwed(tx: Tx, whose: Whose): Promise<OwedMonth[]> {
  const rows = await tx.$queryRaw<
    { organisation_id: string; month: string; amount: bigint; id: string | null; number: string; issued_at: Date }[]
  >`
    SELECT u.organisation_id, u.month, u.amount, i.id, i.number, i.issued_at FROM ${MONTHS_OWED} u
    LEFT JOIN LATERAL (SELECT v.id, v.number, v.issued_at FROM invoice v
      WHERE v.organisation_id = u.organisation_id AND v.month = u.month ORDER BY v.number LIMIT 1) i ON true
    WHERE true ${ofOne(Prisma.sql`u.organisation_id`, whose)}
    ORDER BY u.organisation_id, u.month`;
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    month: row.month as Month,
    amountUnits: units(row.amount),
    invoice:
      row.id === null ? null : { id: idFrom('invoice', row.id), number: row.number, issuedAt: fromDate(row.issued_at) },
  }));
}

/** The terms that were set, in order of time, by organisation. */
export async function readTerms(tx: Tx, whose: Whose): Promise<Map<string, DueTerms[]>> {
  const rows = await tx.$queryRaw<
    { organisation_id: string; days: number; reason: string; by: string; set_at: Date }[]
  >`
    SELECT t.organisation_id, t.days, t.reason, coalesce(u.name, t.set_by) AS by, t.set_at
    FROM due_terms t LEFT JOIN user_account u ON t.set_by = 'user:' || u.id
    WHERE true ${ofOne(Prisma.sql`t.organisation_id`, whose)} ORDER BY t.set_at, t.id`;
  const byOrganisation = Map.groupBy(rows, ({ organisation_id }) => organisation_id);
  const entries = [...byOrganisation].map(([id, group]): [string, DueTerms[]] => [
    id,
    group.map(({ days, reason, by, set_at }) => ({ days, reason, setByName: by, setAt: fromDate(set_at) })),
  ]);
  return new Map(entries);
}

/** Sets terms; false when there is no such organisation. */
export async function insertTerms(
  tx: Tx,
  terms: { readonly organisationId: string; readonly days: number; readonly reason: string },
  set: { readonly by: string; readonly at: Instant },
): Promise<boolean> {
  const { organisationId, days, reason } = terms;
  const written = await tx.$executeRaw`
    INSERT INTO due_terms (organisation_id, days, reason, set_by, set_at)
    SELECT o.id, ${days}, ${reason}, ${set.by}, ${toDate(set.at)}::timestamptz FROM organisation o WHERE o.id = ${organisationId}`;
  return written === 1;
}

/** Lets payments of what an organisation owes on account follow one another, until the transaction is over. */
export async function lockPaying(tx: Tx, organisationId: Id<'organisation'>): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(20260031, hashtext(${organisationId}))`;
}

/** The days within which organisations pay, by when they were set, in order of time. Who they are for may see them too. */
export async function readDueDays(
  tx: Tx,
  whose: Whose,
): Promise<Map<string, { readonly days: number; readonly setAt: Instant }[]>> {
  const rows = await tx.$queryRaw<{ organisation_id: string; days: number; set_at: Date }[]>`
    SELECT organisation_id, days, set_at FROM due_days(${whose}::text) ORDER BY set_at, id`;
  return Map.groupBy(
    rows.map(({ organisation_id: organisationId, days, set_at }) => ({
      organisationId,
      days,
      setAt: fromDate(set_at),
    })),
    ({ organisationId }) => organisationId,
  );
}

/** How often an invoice on account was paid for before. */
export async function countPayments(tx: Tx, invoiceId: Id<'invoice'>): Promise<number> {
  const [row] = await tx.$queryRaw<{ payments: number }[]>`
    SELECT count(*)::int AS payments FROM journal WHERE kind = 'receivablePaid' AND key LIKE 'paid:' || ${invoiceId} || ':%'`;
  return row?.payments ?? 0;
}

/** The names of organisations. */
export async function readNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.organisation.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The organisation of an address; null when there is none. */
export async function findOrganisation(tx: Tx, slug: string): Promise<Id<'organisation'> | null> {
  const row = await tx.organisation.findUnique({ where: { slug }, select: { id: true } });
  return row ? idFrom('organisation', row.id) : null;
}
