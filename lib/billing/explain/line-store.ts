import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant, toDate, fromDate } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import type { PriceE10 } from '#lib/core/money.ts';
import { parseShanghaiDate } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { UsageTotals } from '../types.ts';
import type { Slice } from '../usage-store.ts';
import { CARD_NAME, fromGroupRow, type GroupRow, NO_SUMS, SUMS, totalsOf } from './group-rows.ts';
import type { ChargeGroup, LinePart } from './types.ts';

/** Which charges a line is made of. */
export type LineCharges = {
  readonly organisationId: Id<'organisation'>;
  readonly period: ClosedInterval;
  readonly skuId: Id<'sku'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly priceE10PerCardHour: PriceE10;
};

const DAY_HOURS = 24;

const within = (from: Instant, until: Instant): Prisma.Sql =>
  Prisma.sql`u.hour_at >= ${toDate(from)}::timestamptz AND u.hour_at < ${toDate(until)}::timestamptz`;

/** The charges of a part of a line. A day, a reservation or an hour that is none of the line's has no charges. */
function chargesOf({ organisationId, period, skuId, priceVersionId }: LineCharges, part: LinePart): Prisma.Sql {
  const line = Prisma.sql`u.organisation_id = ${organisationId} AND u.sku_id = ${skuId}
    AND u.price_version_id = ${priceVersionId} AND ${within(period.startAt, period.endAt)}`;
  if (part.by === 'day') return line;
  const from = part.by === 'card' ? part.hourAt : (parseShanghaiDate(part.day) ?? period.endAt);
  const until = instant(from + (part.by === 'card' ? 1 : DAY_HOURS) * HOUR_MS);
  const ofOne = part.by === 'reservation' ? Prisma.empty : Prisma.sql`AND u.reservation_id = ${part.reservationId}`;
  return Prisma.sql`${line} AND ${within(from, until)} ${ofOne}`;
}

/** What the charges of a group have in common, and what it is called. */
const KEYS = {
  day: Prisma.sql`to_char(u.hour_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')`,
  reservation: Prisma.sql`u.reservation_id`,
  hour: Prisma.sql`u.hour_at`,
  card: Prisma.sql`u.allocation_id`,
} as const satisfies Record<LinePart['by'], Prisma.Sql>;

/** The charge to date that seconds, band and price come to: what every charge must say of itself. */
function wrongToDate({ priceE10PerCardHour }: LineCharges): Prisma.Sql {
  return Prisma.sql`u.charged_to_date_units <> CASE u.purchase
    WHEN 'by-card' THEN div(r.term_price_units::numeric * u.weighted_seconds_to_date, r.term_seconds)
    ELSE div(${priceE10PerCardHour}::numeric * u.weighted_seconds_to_date, 3600000000) END`;
}

/** Below the days, each charge is held against the one before it too: an amount is what the charge to date grew by. */
const WRONG_AMOUNT = Prisma.sql`OR u.amount_units <> u.charged_to_date_units - coalesce((
  SELECT b.charged_to_date_units FROM usage_charge b
  WHERE b.allocation_id = u.allocation_id AND (b.hour_at, b.revision) < (u.hour_at, u.revision)
  ORDER BY b.hour_at DESC, b.revision DESC LIMIT 1), 0)`;

/** What a line's charges come to, how many they are, and how many say a wrong charge to date. */
export async function readLineSums(
  tx: Tx,
  line: LineCharges,
): Promise<{ totals: UsageTotals; charges: number; broken: number }> {
  const [row] = await tx.$queryRaw<GroupRow[]>`
    SELECT ${SUMS}, (count(*) FILTER (WHERE ${wrongToDate(line)}))::int AS broken
    FROM usage_charge u JOIN reservation r ON r.id = u.reservation_id WHERE ${chargesOf(line, { by: 'day' })}`;
  if (!row) return { totals: totalsOf(NO_SUMS), charges: 0, broken: 0 };
  return { totals: totalsOf(row), charges: row.charges, broken: row.broken };
}

/** The names of groups: reservations by theirs, cards by where they are. */
const NAMES = {
  day: { of: Prisma.sql`NULL::text`, from: Prisma.empty },
  reservation: { of: Prisma.sql`n.name`, from: Prisma.sql`LEFT JOIN reservation n ON n.id = g.key` },
  hour: { of: Prisma.sql`NULL::text`, from: Prisma.empty },
  card: {
    of: CARD_NAME,
    from: Prisma.sql`LEFT JOIN allocation a ON a.id = g.key LEFT JOIN card c ON c.id = a.card_id LEFT JOIN place p ON p.id = c.server_id`,
  },
} as const satisfies Record<LinePart['by'], { of: Prisma.Sql; from: Prisma.Sql }>;

/** A page of a part's groups in the order of their keys, and the totals of all of them. */
export async function readLineRows(
  tx: Tx,
  line: LineCharges,
  part: LinePart,
  { skip, take }: Slice,
): Promise<{ rows: ChargeGroup[]; total: number; totals: UsageTotals }> {
  const where = chargesOf(line, part);
  const key = KEYS[part.by];
  // Cards are charges: each revision of an hour is a row of its own.
  const revision = part.by === 'card' ? Prisma.sql`u.revision` : Prisma.sql`0`;
  const wrong = Prisma.sql`${wrongToDate(line)} ${part.by === 'day' ? Prisma.empty : WRONG_AMOUNT}`;
  const rows = await tx.$queryRaw<GroupRow[]>`
    WITH g AS (
      SELECT ${key} AS key, ${revision} AS revision, ${SUMS}, (count(*) FILTER (WHERE ${wrong}))::int AS broken
      FROM usage_charge u JOIN reservation r ON r.id = u.reservation_id WHERE ${where}
      GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ${take} OFFSET ${skip})
    SELECT g.*, ${NAMES[part.by].of} AS name FROM g ${NAMES[part.by].from} ORDER BY g.key, g.revision`;
  const [sums] = await tx.$queryRaw<(GroupRow & { total: number })[]>`
    SELECT count(DISTINCT (${key}, ${revision}))::int AS total, ${SUMS} FROM usage_charge u WHERE ${where}`;
  return {
    rows: rows.map(fromGroupRow),
    total: sums?.total ?? 0,
    totals: totalsOf(sums ?? NO_SUMS),
  };
}

/** The keys of a line's charges after one of them, in order of hour and allocation: how a whole line is walked through. */
export async function readChargeKeys(
  tx: Tx,
  line: LineCharges,
  after: ChargeKey | null,
  take: number,
): Promise<ChargeKey[]> {
  const later = after
    ? Prisma.sql`AND (u.hour_at, u.allocation_id, u.revision) > (${toDate(after.hourAt)}::timestamptz, ${after.allocationId}, ${after.revision}::int)`
    : Prisma.empty;
  const rows = await tx.$queryRaw<{ allocation_id: string; hour_at: Date; revision: number }[]>`
    SELECT u.allocation_id, u.hour_at, u.revision FROM usage_charge u WHERE ${chargesOf(line, { by: 'day' })} ${later}
    ORDER BY u.hour_at, u.allocation_id, u.revision LIMIT ${take}`;
  return rows.map((row) => ({
    allocationId: row.allocation_id,
    hourAt: fromDate(row.hour_at),
    revision: row.revision,
  }));
}

export type ChargeKey = { readonly allocationId: string; readonly hourAt: Instant; readonly revision: number };
