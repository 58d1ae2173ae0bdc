import 'server-only';
import { toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { readMonthCredits } from '#lib/sla/month-credits.ts';
import { chargesOf } from './month-charges.ts';
import type { MonthFigures } from './types.ts';

type UsageRow = {
  charges: bigint;
  used: bigint;
  organisations: number;
  amount: bigint;
  missing: number;
  missing_seconds: bigint;
  missing_example: string | null;
  twice: number;
  twice_seconds: bigint;
  twice_example: string | null;
  negative: number;
  negative_example: string | null;
  carried: number;
  carried_units: bigint;
};

/**
 * Sums a month's charges in one pass over them, by allocation, and holds each allocation's sum against the time it had in
 * the month: less is a gap, more is a second charge for the same time, as is a charge for another card. Allocations of a
 * card never overlap, so neither do the charges of a card whose allocations each have their own time.
 */
async function readUsage(tx: Tx, month: Month): Promise<UsageRow | undefined> {
  const { startAt, endAt } = monthInterval(month);
  const [from, to] = [Prisma.sql`${toDate(startAt)}::timestamptz`, Prisma.sql`${toDate(endAt)}::timestamptz`];
  await tx.$queryRaw`SELECT set_config('work_mem', '64MB', true)`;
  const [row] = await tx.$queryRaw<UsageRow[]>`
    WITH charged AS MATERIALIZED (
      SELECT allocation_id, organisation_id, card_id, sku_id, price_version_id, count(*) AS charges, sum(used_seconds) AS used, sum(amount_units) AS amount,
        coalesce(sum(amount_units) FILTER (WHERE revision = 0 OR amount_units > 0), 0) AS whole,
        coalesce(sum(used_seconds + down_seconds) FILTER (WHERE revision = 0 AND hour_at >= ${from}), 0) AS bound,
        count(*) FILTER (WHERE revision = 0 AND hour_at >= ${from} AND used_seconds + down_seconds > 0) AS hours
      FROM (${chargesOf(month)}) u GROUP BY 1, 2, 3, 4, 5
    ), of_allocation AS (
      SELECT allocation_id, sum(bound) AS bound, sum(hours) AS hours,
        count(*) FILTER (WHERE c.card_id <> a.card_id) AS strangers
      FROM charged c JOIN allocation a ON a.id = c.allocation_id GROUP BY 1
    ), negative AS (
      SELECT organisation_id, sum(amount) AS amount, sum(whole) AS whole FROM charged
      GROUP BY organisation_id, sku_id, price_version_id HAVING sum(amount) < 0
    ), had AS (
      SELECT a.id, greatest(a.start_at, ${from}) AS from_at, least(coalesce(a.end_at, 'infinity'), ${to}) AS to_at
      FROM allocation a JOIN reservation r ON r.id = a.reservation_id
      WHERE r.state IN ('active', 'ended') AND a.start_at < ${to} AND (a.end_at IS NULL OR a.end_at > ${from})
    ), due AS (
      SELECT id, extract(epoch FROM to_at - from_at)::bigint AS seconds,
        ceil(extract(epoch FROM to_at - date_trunc('hour', from_at)) / 3600)::bigint AS hours
      FROM had WHERE to_at > from_at
    ), compared AS (
      SELECT coalesce(d.id, c.allocation_id) AS id, coalesce(d.seconds, 0) - coalesce(c.bound, 0) AS seconds,
        coalesce(d.hours, 0) - coalesce(c.hours, 0) AS hours, coalesce(c.strangers, 0) AS strangers
      FROM due d FULL JOIN of_allocation c ON c.allocation_id = d.id
    )
    SELECT c.*, w.*, n.* FROM (
      SELECT coalesce(sum(charges), 0)::bigint AS charges, coalesce(sum(used), 0)::bigint AS used,
        count(DISTINCT organisation_id)::int AS organisations, coalesce(sum(amount), 0)::bigint AS amount FROM charged) c, (
      SELECT count(*) FILTER (WHERE seconds > 0 OR hours > 0)::int AS missing,
        coalesce(sum(seconds) FILTER (WHERE seconds > 0), 0)::bigint AS missing_seconds,
        min(id) FILTER (WHERE seconds > 0 OR hours > 0) AS missing_example,
        count(*) FILTER (WHERE seconds < 0 OR hours < 0 OR strangers > 0)::int AS twice,
        coalesce(-sum(seconds) FILTER (WHERE seconds < 0), 0)::bigint AS twice_seconds,
        min(id) FILTER (WHERE seconds < 0 OR hours < 0 OR strangers > 0) AS twice_example FROM compared) w, (
      SELECT (count(*) FILTER (WHERE whole < 0))::int AS negative, min(organisation_id) FILTER (WHERE whole < 0) AS negative_example,
        (count(*) FILTER (WHERE whole >= 0))::int AS carried, coalesce(-sum(amount) FILTER (WHERE whole >= 0), 0)::bigint AS carried_units
      FROM negative) n`;
  return row;
}

/** What a month's journals put into accrued revenue, and what invoices and residues took out again. */
export async function readAccrued(tx: Tx, month: Month): Promise<{ accruedUnits: bigint; clearedUnits: bigint }> {
  const { startAt, endAt } = monthInterval(month);
  const [row] = await tx.$queryRaw<{ accrued: bigint; cleared: bigint }[]>`
    SELECT coalesce(sum(p.credit_units - p.debit_units) FILTER (WHERE j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected')), 0)::bigint AS accrued,
      coalesce(sum(p.debit_units - p.credit_units) FILTER (WHERE j.kind IN ('invoiceIssued', 'promoDeducted', 'residueDropped')), 0)::bigint AS cleared
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
    WHERE a.kind = 'revenueAccrued' AND j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected', 'invoiceIssued', 'promoDeducted', 'residueDropped')
      AND j.effective_at >= ${toDate(startAt)}::timestamptz AND j.effective_at < ${toDate(endAt)}::timestamptz`;
  return { accruedUnits: row?.accrued ?? 0n, clearedUnits: row?.cleared ?? 0n };
}

/** Allocations with seconds in a month that the hourly run has not reached: none may be left at the close. */
async function readUnmetered(tx: Tx, month: Month): Promise<MonthFigures['unmetered']> {
  const { startAt, endAt } = monthInterval(month);
  const [row] = await tx.$queryRaw<{ allocations: number; example: string | null }[]>`
    SELECT count(*)::int AS allocations, min(a.id) AS example FROM allocation a JOIN reservation r ON r.id = a.reservation_id
    WHERE a.start_at < ${toDate(endAt)}::timestamptz AND coalesce(a.end_at, 'infinity') > ${toDate(startAt)}::timestamptz
      AND r.state <> 'cancelled' AND r.settled_at IS NULL
      AND NOT EXISTS (SELECT FROM metered_hour h WHERE h.pool_id = a.pool_id AND h.hour_at >= ${toDate(endAt)}::timestamptz - interval '1 hour')`;
  return { count: row?.allocations ?? 0, example: row?.example ?? null };
}

/** Holds that are open although their reservation was over before the month's end. A term that was left early runs on. */
async function readOpenHolds(tx: Tx, month: Month): Promise<MonthFigures['openHolds']> {
  const { endAt } = monthInterval(month);
  const [row] = await tx.$queryRaw<{ reservations: number; left: bigint; example: string | null }[]>`
    SELECT count(*)::int AS reservations, min(r.id) AS example,
      coalesce(sum(h.placed_units - h.captured_units - h.released_units), 0)::bigint AS left
    FROM reservation r JOIN hold h ON h.subject = r.id AND h.resolved_at IS NULL
    WHERE r.settled_at IS NULL AND r.state IN ('ended', 'cancelled')
      AND CASE WHEN r.purchase = 'by-card' AND r.end_reason = 'released' THEN coalesce(r.end_at, r.ended_at) ELSE r.ended_at END
        < ${toDate(endAt)}::timestamptz`;
  return { count: row?.reservations ?? 0, leftUnits: units(row?.left ?? 0n), example: row?.example ?? null };
}

/** Money that arrived before the month's end and was nobody's then. */
async function readSuspense(tx: Tx, month: Month): Promise<bigint> {
  const { endAt } = monthInterval(month);
  const [row] = await tx.$queryRaw<{ units: bigint }[]>`
    SELECT coalesce(sum(p.credit_units - p.debit_units), 0)::bigint AS units
    FROM account a JOIN posting p ON p.account_id = a.id JOIN journal j ON j.id = p.journal_id
    WHERE a.kind = 'suspense' AND j.effective_at < ${toDate(endAt)}::timestamptz`;
  return row?.units ?? 0n;
}

/** Everything that the checks of a close look at, read now: seconds long for a month of millions of charges. */
export async function readMonthFigures(tx: Tx, month: Month): Promise<MonthFigures> {
  const usage = await readUsage(tx, month);
  const { accruedUnits, clearedUnits } = await readAccrued(tx, month);
  return {
    charges: usage?.charges ?? 0n,
    usedSeconds: usage?.used ?? 0n,
    organisations: usage?.organisations ?? 0,
    chargesUnits: units(usage?.amount ?? 0n),
    ledgerUnits: units(accruedUnits),
    clearedUnits: units(clearedUnits),
    unmetered: await readUnmetered(tx, month),
    missing: {
      count: usage?.missing ?? 0,
      seconds: usage?.missing_seconds ?? 0n,
      example: usage?.missing_example ?? null,
    },
    twice: { count: usage?.twice ?? 0, seconds: usage?.twice_seconds ?? 0n, example: usage?.twice_example ?? null },
    negativeLines: { count: usage?.negative ?? 0, example: usage?.negative_example ?? null },
    carriedLines: { count: usage?.carried ?? 0, units: units(usage?.carried_units ?? 0n) },
    openHolds: await readOpenHolds(tx, month),
    credits: await readMonthCredits(tx, month),
    suspenseUnits: units(await readSuspense(tx, month)),
  };
}
