import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { type Corrections, REOPENING_STATES, type Reopening } from './types.ts';

/** Whether a month was closed; a month that nobody closed has no row. */
export async function isClosed(tx: Tx, month: string): Promise<boolean> {
  return (await tx.billingPeriod.count({ where: { month, state: 'closed' } })) === 1;
}

/** Whether a month is closed and not reopened, which whoever has a context may know. */
export async function isSealed(tx: Tx, month: string): Promise<boolean> {
  const [row] = await tx.$queryRaw<
    { is_sealed: boolean }[]
  >`SELECT billing_closed_at(${month}) IS NOT NULL AS is_sealed`;
  return row?.is_sealed ?? false;
}

/** Writes that somebody asks; false when a reopening of the month waits or is open. */
export async function insertAsked(
  tx: Tx,
  asked: Pick<Reopening, 'id' | 'month' | 'reason' | 'askedBy' | 'askedAt'>,
): Promise<boolean> {
  const data = { ...asked, state: 'asked', askedAt: toDate(asked.askedAt) };
  return (await tx.periodReopening.createMany({ data: [data], skipDuplicates: true })).count === 1;
}

/** Waits until nothing is being posted, and lets nothing be posted before the transaction ends. */
export async function holdMonths(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT ledger_hold_months()`;
}

export async function writeDecision(
  tx: Tx,
  id: string,
  decision: { readonly state: 'agreed' | 'declined'; readonly by: string; readonly at: Instant },
): Promise<void> {
  const { state, by, at } = decision;
  await tx.periodReopening.updateMany({ where: { id }, data: { state, decidedBy: by, decidedAt: toDate(at) } });
}

export async function writeClosed(
  tx: Tx,
  id: string,
  closed: { readonly by: string; readonly at: Instant; readonly corrections: Corrections },
): Promise<void> {
  const { by, at, corrections } = closed;
  const totals = {
    ...corrections,
    reversedUnits: `${corrections.reversedUnits}`,
    creditedUnits: `${corrections.creditedUnits}`,
  };
  await tx.periodReopening.updateMany({
    where: { id },
    data: { state: 'closed', closedBy: by, closedAt: toDate(at), totals },
  });
}

/** What counted in a month after it was reopened: journals by the ledger itself. */
export async function readCorrections(tx: Tx, month: Month, since: Instant): Promise<Corrections> {
  const [row] = await tx.$queryRaw<{ reversals: number; reversed: bigint; notes: number; credited: bigint }[]>`
    SELECT count(DISTINCT j.id) FILTER (WHERE j.kind = 'reversal')::int AS reversals,
      coalesce(sum(p.debit_units) FILTER (WHERE j.kind = 'reversal'), 0)::bigint AS reversed,
      count(DISTINCT j.source->>'creditNote') FILTER (WHERE j.kind = 'creditNoteIssued')::int AS notes,
      coalesce(sum(p.debit_units) FILTER (WHERE j.kind = 'creditNoteIssued'), 0)::bigint AS credited
    FROM journal j JOIN posting p ON p.journal_id = j.id AND p.asset = 'CNY/8'
    WHERE j.kind IN ('reversal', 'creditNoteIssued') AND shanghai_month(j.effective_at) = ${month} AND j.posted_at >= ${toDate(since)}::timestamptz`;
  const found = present(row, 'sums');
  return {
    reversals: found.reversals,
    reversedUnits: units(found.reversed),
    creditNotes: found.notes,
    creditedUnits: units(found.credited),
  };
}

type Row = {
  id: string;
  month: string;
  reason: string;
  state: string;
  asked_by: string;
  asked_by_name: string;
  asked_at: Date;
  decided_by_name: string | null;
  decided_at: Date | null;
  closed_by_name: string | null;
  closed_at: Date | null;
  totals: { reversals: number; reversedUnits: string; creditNotes: number; creditedUnits: string } | null;
};

const instantOrNull = (at: Date | null): Instant | null => (at === null ? null : fromDate(at));

function fromRow(row: Row): Reopening {
  const { totals } = row;
  return {
    id: idFrom('reopening', row.id),
    month: row.month as Month,
    reason: row.reason,
    state: oneOf(REOPENING_STATES, row.state),
    askedBy: row.asked_by,
    askedByName: row.asked_by_name,
    askedAt: fromDate(row.asked_at),
    decidedByName: row.decided_by_name,
    decidedAt: instantOrNull(row.decided_at),
    closedByName: row.closed_by_name,
    closedAt: instantOrNull(row.closed_at),
    corrections: totals && {
      ...totals,
      reversedUnits: units(BigInt(totals.reversedUnits)),
      creditedUnits: units(BigInt(totals.creditedUnits)),
    },
  };
}

/** Reopenings that fit, newest first. */
export async function readReopenings(
  tx: Tx,
  filter: { readonly month?: string; readonly id?: string; readonly isWaiting?: true },
): Promise<Reopening[]> {
  const conditions = [
    Prisma.sql`true`,
    ...(filter.month === undefined ? [] : [Prisma.sql`r.month = ${filter.month}`]),
    ...(filter.id === undefined ? [] : [Prisma.sql`r.id = ${filter.id}`]),
    ...(filter.isWaiting === undefined ? [] : [Prisma.sql`r.state = 'asked'`]),
  ];
  const rows = await tx.$queryRaw<Row[]>`
    SELECT r.*, coalesce(a.name, r.asked_by) AS asked_by_name, coalesce(d.name, r.decided_by) AS decided_by_name,
      coalesce(c.name, r.closed_by) AS closed_by_name
    FROM period_reopening r LEFT JOIN user_account a ON r.asked_by = 'user:' || a.id
      LEFT JOIN user_account d ON r.decided_by = 'user:' || d.id LEFT JOIN user_account c ON r.closed_by = 'user:' || c.id
    WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY r.asked_at DESC, r.id DESC`;
  return rows.map(fromRow);
}

/** One reopening, held until the end of the transaction. */
export async function lockReopening(tx: Tx, id: string): Promise<Reopening | null> {
  await tx.$queryRaw`SELECT id FROM period_reopening WHERE id = ${id} FOR UPDATE`;
  return (await readReopenings(tx, { id }))[0] ?? null;
}
