import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant, toDate, fromDate } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import type { PriceE10 } from '#lib/core/money.ts';
import { parseShanghaiDate } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { UsageTotals } from '../types.ts';
import type { Slice } from '../usage-store.ts';
import { CHARGE_BEFORE } from './charge-before.ts';
import { CARD_NAME, fromGroupRow, type GroupRow, NO_SUMS, SUMS, totalsOf } from './group-rows.ts';
import type { Purchase } from '#lib/catalog/types.ts';
import type { ChargeGroup, LinePart } from './types.ts';
import { wrongToDate } from './wrong-to-date.ts';

/** Which charges a line is made of. */
export type LineCharges = {
  readonly organisationId: Id<'organisation'>;
  readonly period: ClosedInterval;
  readonly skuId: Id<'sku'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly priceE10PerCardHour: PriceE10;
  readonly purchase: Purchase;
};

const DAY_HOURS = 24;

const within = (from: Instant, until: Instant): Prisma.Sql =>
  Prisma.sql`u.hour_at >= ${toDate(from)}::timestamptz AND u.hour_at < ${toDate(until)}::timestamptz`;

/** The charges of a part of a line. A day, a reservation or an hour that is none of the line's has no charges. */
function chargesOf({ organisationId, period, skuId, priceVersionId }: LineCharges, part: LinePart): Prisma.Sql {
  const line = Prisma.sql`u.organisation_id = ${organisationId} AND u.sku_id = ${skuId}
    AND u.price_version_id = ${priceVersionId} AND u.counts_at >= ${toDate(period.startAt)}::timestamptz
    AND u.counts_at < ${toDate(period.endAt)}::timestamptz`;
  if (part.by === 'day') return line;
  const from = part.by === 'card' ? part.hourAt : (parseShanghaiDate(part.day) ?? period.endAt);
  const until = instant(from + (part.by === 'card' ? 1 : DAY_HOURS) * HOUR_MS);
  const ofOne = part.by === 'reservation' ? Prisma.empty : Prisma.sql`AND u.reservation_id = ${part.reservationId}`;
  return Prisma.sql`${line} AND ${within(from, until)} ${ofOne}`;
}

/** Parts of a line below its days. */
export type Below = Exclude<LinePart, { readonly by: 'day' }>;

/** What the charges of a group have in common, and what it is called. */
const GROUPS = {
  reservation: {
    key: Prisma.sql`u.reservation_id`,
    name: Prisma.sql`n.name`,
    from: Prisma.sql`LEFT JOIN reservation n ON n.id = p.key`,
  },
  hour: { key: Prisma.sql`u.hour_at`, name: Prisma.sql`NULL::text`, from: Prisma.empty },
  card: {
    key: Prisma.sql`u.allocation_id`,
    name: CARD_NAME,
    from: Prisma.sql`LEFT JOIN allocation a ON a.id = p.key LEFT JOIN card c ON c.id = a.card_id LEFT JOIN place l ON l.id = c.server_id`,
  },
} as const satisfies Record<Below['by'], { key: Prisma.Sql; name: Prisma.Sql; from: Prisma.Sql }>;

/** The charges of a line, with the reservation where the price is that of a term. */
const from = ({ purchase }: LineCharges): Prisma.Sql =>
  purchase === 'by-card'
    ? Prisma.sql`usage_charge u JOIN reservation r ON r.id = u.reservation_id`
    : Prisma.sql`usage_charge u`;

/** Below the days, each charge is held against the one before it too: an amount is what the charge to date grew by. */
const WRONG_AMOUNT = Prisma.sql`u.amount_units <> u.charged_to_date_units - coalesce((SELECT charged_to_date_units FROM (${CHARGE_BEFORE}) c), 0)`;

type PageRow = Omit<GroupRow, 'key'> & {
  key: GroupRow['key'] | null;
  total: number;
  all_used: bigint;
  all_unused: bigint;
  all_down: bigint;
  all_amount: bigint;
};

const SUM_OF_SUMS = Prisma.sql`sum(charges)::int AS charges, sum(used)::bigint AS used, sum(unused)::bigint AS unused,
  sum(down)::bigint AS down, sum(amount)::bigint AS amount, sum(broken)::int AS broken`;

/** A line by day, in order. One pass over its charges, however many: by hour first, which has no text to make. */
export async function readLineDays(tx: Tx, line: LineCharges): Promise<ChargeGroup[]> {
  const rows = await tx.$queryRaw<GroupRow[]>`
    WITH h AS (
      SELECT u.hour_at, ${SUMS}, (count(*) FILTER (WHERE ${wrongToDate(line.purchase, line.priceE10PerCardHour)}))::int AS broken
      FROM ${from(line)} WHERE ${chargesOf(line, { by: 'day' })} GROUP BY u.hour_at)
    SELECT to_char(hour_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS key, 0 AS revision, NULL::text AS name, ${SUM_OF_SUMS}
    FROM h GROUP BY 1 ORDER BY 1`;
  return rows.map(fromGroupRow);
}

/** A page of a part's groups in the order of their keys, and the totals of all of them. */
export async function readLineRows(
  tx: Tx,
  line: LineCharges,
  part: Below,
  { skip, take }: Slice,
): Promise<{ rows: ChargeGroup[]; total: number; totals: UsageTotals }> {
  const { key, name, from: names } = GROUPS[part.by];
  // Cards are charges: each revision of an hour is a row of its own.
  const revision = part.by === 'card' ? Prisma.sql`u.revision` : Prisma.sql`0`;
  const rows = await tx.$queryRaw<PageRow[]>`
    WITH g AS MATERIALIZED (
      SELECT ${key} AS key, ${revision} AS revision, ${SUMS}, (count(*) FILTER (WHERE ${wrongToDate(line.purchase, line.priceE10PerCardHour)} OR ${WRONG_AMOUNT}))::int AS broken
      FROM ${from(line)} WHERE ${chargesOf(line, part)} GROUP BY 1, 2),
    t AS (
      SELECT count(*)::int AS total, coalesce(sum(used), 0)::bigint AS all_used, coalesce(sum(unused), 0)::bigint AS all_unused,
        coalesce(sum(down), 0)::bigint AS all_down, coalesce(sum(amount), 0)::bigint AS all_amount FROM g),
    p AS (SELECT * FROM g ORDER BY key, revision LIMIT ${take} OFFSET ${skip})
    SELECT t.*, p.*, ${name} AS name FROM t LEFT JOIN p ON true ${names} ORDER BY p.key, p.revision`;
  const [first] = rows;
  if (!first) return { rows: [], total: 0, totals: totalsOf(NO_SUMS) };
  const { all_used: used, all_unused: unused, all_down: down, all_amount: amount, total } = first;
  // A page beyond the last has the totals and no group.
  const groups = rows.flatMap(({ key: found, ...row }) => (found === null ? [] : fromGroupRow({ ...row, key: found })));
  return { rows: groups, total, totals: totalsOf({ used, unused, down, amount }) };
}

/**
 * The keys of a line's charges after one of them, in order of hour and allocation: how a whole line is walked through. What
 * corrects an earlier month counts from this one's first instant, so the order of the index is that of the hours.
 */
export async function readChargeKeys(
  tx: Tx,
  line: LineCharges,
  after: ChargeKey | null,
  take: number,
): Promise<ChargeKey[]> {
  const later = after
    ? Prisma.sql`AND (u.counts_at, u.hour_at, u.allocation_id, u.revision) > (greatest(${toDate(line.period.startAt)}::timestamptz,
        ${toDate(after.hourAt)}::timestamptz), ${toDate(after.hourAt)}::timestamptz, ${after.allocationId}, ${after.revision}::int)`
    : Prisma.empty;
  const rows = await tx.$queryRaw<{ allocation_id: string; hour_at: Date; revision: number }[]>`
    SELECT u.allocation_id, u.hour_at, u.revision FROM usage_charge u WHERE ${chargesOf(line, { by: 'day' })} ${later}
    ORDER BY u.counts_at, u.hour_at, u.allocation_id, u.revision LIMIT ${take}`;
  return rows.map((row) => ({
    allocationId: row.allocation_id,
    hourAt: fromDate(row.hour_at),
    revision: row.revision,
  }));
}

export type ChargeKey = { readonly allocationId: string; readonly hourAt: Instant; readonly revision: number };
