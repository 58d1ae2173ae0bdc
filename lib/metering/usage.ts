import 'server-only';
import type { Purchase } from '#lib/catalog/types.ts';
import { invariant } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, HOUR_MS, type Instant, instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { HourUsage } from './types.ts';

type UsageRow = {
  allocation_id: string;
  reservation_id: string;
  organisation_id: string;
  card_id: string;
  pool_id: string;
  sku_id: string;
  price_version_id: string;
  purchase: string;
  start_at: Date;
  bound_until: Date;
  end_at: Date;
  used_seconds: number;
  term_seconds: number | null;
  term_price_units: bigint | null;
  weighted_before: bigint;
  charged_before: bigint;
};

const seconds = (from: Date, to: Date): number => Math.max(0, (to.getTime() - from.getTime()) / 1_000);

function fromUsageRow(row: UsageRow, hourAt: Instant): HourUsage {
  const boundSeconds = seconds(row.start_at, row.bound_until);
  const total = seconds(row.start_at, row.end_at);
  invariant(row.used_seconds <= boundSeconds, `${row.allocation_id} has more proof than time`);
  return {
    allocationId: row.allocation_id as Id<'allocation'>,
    reservationId: row.reservation_id as Id<'reservation'>,
    organisationId: row.organisation_id as Id<'organisation'>,
    cardId: row.card_id as Id<'card'>,
    poolId: row.pool_id as Id<'pool'>,
    skuId: row.sku_id as Id<'sku'>,
    priceVersionId: row.price_version_id as Id<'priceVersion'>,
    purchase: row.purchase as Purchase,
    hourAt,
    startAt: fromDate(row.start_at),
    endAt: fromDate(row.end_at),
    usedSeconds: row.used_seconds,
    downSeconds: boundSeconds - row.used_seconds,
    unusedSeconds: total - boundSeconds,
    term:
      row.term_seconds === null || row.term_price_units === null
        ? null
        : { seconds: row.term_seconds, priceUnits: row.term_price_units },
    before: { weightedSeconds: row.weighted_before, chargedUnits: row.charged_before },
  };
}

/** The columns of an allocation that usage is read from, with the reservation's. */
const ALLOCATION = Prisma.sql`a.id, a.card_id, a.reservation_id, a.organisation_id, a.pool_id, r.sku_id, r.price_version_id, r.purchase,
  r.term_seconds, r.term_price_units, a.start_at, a.end_at`;

/** Allocations that touch an hour, of all reservations or of some. Each branch is written for its index. */
function touching(poolId: string, hourAt: Instant, reservationIds: readonly string[] | null): Prisma.Sql {
  const [from, to] = [
    Prisma.sql`${toDate(hourAt)}::timestamptz`,
    Prisma.sql`${toDate(instant(hourAt + HOUR_MS))}::timestamptz`,
  ];
  const of = reservationIds === null ? Prisma.empty : Prisma.sql`AND a.reservation_id = ANY(${reservationIds}::text[])`;
  return Prisma.sql`
    SELECT ${ALLOCATION}, a.end_at AS charged_until FROM allocation a JOIN reservation r ON r.id = a.reservation_id
    WHERE a.pool_id = ${poolId} AND a.end_at > ${from} AND a.start_at < ${to} AND r.state IN ('active', 'ended') ${of}
    UNION ALL
    SELECT ${ALLOCATION}, NULL FROM allocation a JOIN reservation r ON r.id = a.reservation_id
    WHERE a.pool_id = ${poolId} AND a.end_at IS NULL AND a.start_at < ${to} AND r.state IN ('active', 'ended') ${of}`;
}

/** Paid terms that were left early and run on as unused: what they touch of an hour beyond their allocations. */
function leftEarly(poolId: string, hourAt: Instant): Prisma.Sql {
  return Prisma.sql`
    SELECT ${ALLOCATION}, r.end_at AS charged_until FROM reservation r JOIN allocation a ON a.reservation_id = r.id AND a.end_at = r.ended_at
    WHERE r.pool_id = ${poolId} AND r.state = 'ended' AND r.purchase = 'by-card' AND r.end_reason = 'released'
      AND r.settled_at IS NULL AND r.end_at > ${toDate(hourAt)}::timestamptz`;
}

/** Cards of running terms that were given back: charged as unused to the end that the term had then. */
function givenBack(poolId: string, hourAt: Instant): Prisma.Sql {
  return Prisma.sql`
    SELECT ${ALLOCATION}, a.unused_until AS charged_until FROM allocation a JOIN reservation r ON r.id = a.reservation_id
    WHERE a.pool_id = ${poolId} AND a.unused_until > ${toDate(hourAt)}::timestamptz AND r.settled_at IS NULL`;
}

/**
 * What the allocations of a pool did in the clock hour from `hourAt`, of those that have no charge for it yet. With
 * `reservationIds`, only theirs: a reservation that has ended is charged at once for its last, unfinished hour.
 * A paid term that was left early goes on as unused on the cards it had, to the end of the term.
 */
export async function readHourUsage(
  tx: Tx,
  poolId: string,
  hourAt: Instant,
  reservationIds: readonly string[] | null,
): Promise<HourUsage[]> {
  const hour = Prisma.sql`${toDate(hourAt)}::timestamptz`;
  const hourEnd = Prisma.sql`${toDate(instant(hourAt + HOUR_MS))}::timestamptz`;
  const rows = await tx.$queryRaw<UsageRow[]>`
    WITH due AS (
      SELECT DISTINCT ON (id) * FROM (${leftEarly(poolId, hourAt)} UNION ALL ${givenBack(poolId, hourAt)} UNION ALL ${touching(poolId, hourAt, reservationIds)}) d
      ORDER BY id, charged_until DESC NULLS FIRST
    ), cut AS (
      SELECT *, greatest(start_at, ${hour}) AS from_at, least(coalesce(charged_until, 'infinity'), ${hourEnd}) AS to_at FROM due
      WHERE ${reservationIds}::text[] IS NULL OR reservation_id = ANY(${reservationIds}::text[])
    )
    SELECT c.id AS allocation_id, c.reservation_id, c.organisation_id, c.card_id, c.pool_id, c.sku_id, c.price_version_id, c.purchase,
      c.from_at AS start_at, greatest(c.from_at, least(coalesce(c.end_at, 'infinity'), c.to_at)) AS bound_until, c.to_at AS end_at,
      (SELECT coalesce(sum(extract(epoch FROM least(coalesce(e.end_at, m.proven_until), c.to_at) - greatest(e.start_at, c.from_at))), 0)::int
        FROM evidence e WHERE e.allocation_id = c.id
          AND e.start_at < c.to_at AND coalesce(e.end_at, m.proven_until) > c.from_at) AS used_seconds,
      c.term_seconds, c.term_price_units, coalesce(u.weighted_seconds_to_date, 0) AS weighted_before,
      coalesce(u.charged_to_date_units, 0) AS charged_before
    FROM cut c JOIN proof_mark m ON m.pool_id = c.pool_id
    LEFT JOIN LATERAL (
      SELECT weighted_seconds_to_date, charged_to_date_units FROM usage_charge u
      WHERE u.allocation_id = c.id ORDER BY hour_at DESC, revision DESC LIMIT 1
    ) u ON true
    WHERE c.from_at < c.to_at AND NOT EXISTS (SELECT FROM usage_charge x WHERE x.allocation_id = c.id AND x.hour_at = ${hour})
    ORDER BY c.reservation_id, c.id`;
  return rows.map((row) => fromUsageRow(row, hourAt));
}

/** The hours of a pool whose charges are complete: the newest, or null before the first. */
export async function readLastMeteredHour(tx: Tx, poolId: string): Promise<Instant | null> {
  const row = await tx.meteredHour.findFirst({
    where: { poolId },
    orderBy: { hourAt: 'desc' },
    select: { hourAt: true },
  });
  return row ? fromDate(row.hourAt) : null;
}

/** Notes that every allocation of the pool is charged for an hour. */
export async function noteMeteredHour(tx: Tx, poolId: string, hourAt: Instant, at: Instant): Promise<void> {
  await tx.meteredHour.create({ data: { poolId, hourAt: toDate(hourAt), chargedAt: toDate(at) } });
}
