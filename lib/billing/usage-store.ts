import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, HOUR_MS, type Instant, instant, toDate } from '#lib/core/instant.ts';
import type { ClosedInterval } from '#lib/core/interval.ts';
import { priceE10, units } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { CardCharge, HourCharges, MonthUsage, UsageSubject, UsageTotals } from './types.ts';

export type Slice = { readonly skip: number; readonly take: number };

type SumsRow = { used: bigint; unused: bigint; down: bigint; amount: bigint };

const totalsOf = (row: SumsRow | undefined): UsageTotals => ({
  usedSeconds: row?.used ?? 0n,
  unusedSeconds: row?.unused ?? 0n,
  downSeconds: row?.down ?? 0n,
  amountUnits: units(row?.amount ?? 0n),
});

type SubjectRow = {
  id: string;
  name: string;
  cards: number;
  sku_id: string;
  model: string;
  site: { zh: string; en: string };
  purchase: string;
  price: bigint;
};

const subjectOf = (row: SubjectRow): UsageSubject => ({
  reservationId: idFrom('reservation', row.id),
  reservationName: row.name,
  cards: row.cards,
  skuId: idFrom('sku', row.sku_id),
  model: row.model,
  siteName: row.site,
  purchase: oneOf(PURCHASES, row.purchase),
  priceE10PerCardHour: priceE10(row.price),
});

/** The hour of an organisation's first charge; null before any. */
export async function readFirstHour(tx: Tx, organisationId: Id<'organisation'>): Promise<Instant | null> {
  const row = await tx.usageCharge.findFirst({
    where: { organisationId },
    orderBy: { countsAt: 'asc' },
    select: { hourAt: true },
  });
  return row ? fromDate(row.hourAt) : null;
}

/** An organisation's usage in a period by reservation, the most expensive first, with the totals of all. */
export async function readReservationUsage(
  tx: Tx,
  organisationId: Id<'organisation'>,
  { startAt, endAt }: ClosedInterval,
  { skip, take }: Slice,
): Promise<MonthUsage> {
  const [sums] = await tx.$queryRaw<(SumsRow & { reservations: number })[]>`
    SELECT count(DISTINCT reservation_id)::int AS reservations, coalesce(sum(used_seconds), 0)::bigint AS used,
      coalesce(sum(unused_seconds), 0)::bigint AS unused, coalesce(sum(down_seconds), 0)::bigint AS down,
      coalesce(sum(amount_units), 0)::bigint AS amount
    FROM usage_charge WHERE organisation_id = ${organisationId}
      AND counts_at >= ${toDate(startAt)}::timestamptz AND counts_at < ${toDate(endAt)}::timestamptz`;
  const rows = await tx.$queryRaw<(SubjectRow & SumsRow)[]>`
    WITH page AS (
      SELECT reservation_id, sum(used_seconds)::bigint AS used, sum(unused_seconds)::bigint AS unused,
        sum(down_seconds)::bigint AS down, sum(amount_units)::bigint AS amount
      FROM usage_charge WHERE organisation_id = ${organisationId}
        AND counts_at >= ${toDate(startAt)}::timestamptz AND counts_at < ${toDate(endAt)}::timestamptz
      GROUP BY reservation_id ORDER BY amount DESC, reservation_id LIMIT ${take} OFFSET ${skip})
    SELECT r.id, r.name, r.cards, r.sku_id, m.name AS model, p.name AS site, r.purchase, v.price_e10_per_card_hour AS price,
      g.used, g.unused, g.down, g.amount
    FROM page g JOIN reservation r ON r.id = g.reservation_id JOIN sku s ON s.id = r.sku_id
    JOIN card_model m ON m.id = s.card_model_id JOIN place p ON p.id = s.site_id JOIN price_version v ON v.id = r.price_version_id
    ORDER BY g.amount DESC, r.id`;
  return {
    rows: rows.map((row) => ({ ...subjectOf(row), ...totalsOf(row) })),
    total: sums?.reservations ?? 0,
    totals: totalsOf(sums),
  };
}

/** A reservation of an organisation as the subject of usage; null when it has none of that id. */
export async function findSubject(
  tx: Tx,
  organisationId: Id<'organisation'>,
  reservationId: string,
): Promise<UsageSubject | null> {
  const [row] = await tx.$queryRaw<SubjectRow[]>`
    SELECT r.id, r.name, r.cards, r.sku_id, m.name AS model, p.name AS site, r.purchase, v.price_e10_per_card_hour AS price
    FROM reservation r JOIN sku s ON s.id = r.sku_id JOIN card_model m ON m.id = s.card_model_id
    JOIN place p ON p.id = s.site_id JOIN price_version v ON v.id = r.price_version_id
    WHERE r.id = ${reservationId} AND r.organisation_id = ${organisationId}`;
  return row ? subjectOf(row) : null;
}

/** The charged hours of a reservation in a period, newest first, with the totals of all of them. */
export async function readHours(
  tx: Tx,
  reservationId: Id<'reservation'>,
  period: ClosedInterval | null,
  { skip, take }: Slice,
): Promise<{ hours: HourCharges[]; total: number; totals: UsageTotals }> {
  const from = toDate(period?.startAt ?? instant(0));
  const to = toDate(period?.endAt ?? instant(Date.UTC(9999, 0)));
  const rows = await tx.$queryRaw<(SumsRow & { hour_at: Date; cards: number; band_bps: number })[]>`
    SELECT hour_at, band_bps, count(DISTINCT card_id)::int AS cards, sum(used_seconds)::bigint AS used,
      sum(unused_seconds)::bigint AS unused, sum(down_seconds)::bigint AS down, sum(amount_units)::bigint AS amount
    FROM usage_charge
    WHERE reservation_id = ${reservationId} AND hour_at >= ${from}::timestamptz AND hour_at < ${to}::timestamptz
    GROUP BY hour_at, band_bps ORDER BY hour_at DESC, band_bps LIMIT ${take} OFFSET ${skip}`;
  const [sums] = await tx.$queryRaw<(SumsRow & { hours: number })[]>`
    SELECT count(DISTINCT (hour_at, band_bps))::int AS hours, coalesce(sum(used_seconds), 0)::bigint AS used,
      coalesce(sum(unused_seconds), 0)::bigint AS unused, coalesce(sum(down_seconds), 0)::bigint AS down,
      coalesce(sum(amount_units), 0)::bigint AS amount
    FROM usage_charge
    WHERE reservation_id = ${reservationId} AND hour_at >= ${from}::timestamptz AND hour_at < ${to}::timestamptz`;
  const hours = rows.map((row) => ({
    ...totalsOf(row),
    hourAt: fromDate(row.hour_at),
    cards: row.cards,
    bandBps: row.band_bps,
  }));
  return { hours, total: sums?.hours ?? 0, totals: totalsOf(sums) };
}

type CardRow = {
  allocation_id: string;
  card_id: string;
  path: string;
  slot: number;
  start_at: Date;
  end_at: Date;
  used_seconds: number;
  unused_seconds: number;
  down_seconds: number;
  band_bps: number;
  revision: number;
  charged: bigint;
  amount: bigint;
};

/** Region and site are in every place of a pool; what tells cards apart comes after. */
const SITE_CODES = 2;

/** What each card of a reservation was charged for one clock hour, in the order of their places. */
export async function readCardCharges(
  tx: Tx,
  reservationId: Id<'reservation'>,
  hourAt: Instant,
  { skip, take }: Slice,
): Promise<{ cards: CardCharge[]; total: number; totals: UsageTotals }> {
  const where = {
    reservationId,
    hourAt: { gte: toDate(hourAt), lt: toDate(instant(hourAt + HOUR_MS)) },
  };
  const sums = await tx.usageCharge.aggregate({
    where,
    _count: true,
    _sum: { usedSeconds: true, unusedSeconds: true, downSeconds: true, amountUnits: true },
  });
  const rows = await tx.$queryRaw<CardRow[]>`
    SELECT u.allocation_id, u.card_id, p.path, c.slot, u.start_at, u.end_at, u.used_seconds, u.unused_seconds, u.down_seconds,
      u.band_bps, u.revision, u.charged_to_date_units AS charged, u.amount_units AS amount
    FROM usage_charge u JOIN card c ON c.id = u.card_id JOIN place p ON p.id = c.server_id
    WHERE u.reservation_id = ${reservationId} AND u.hour_at = ${toDate(hourAt)}::timestamptz
    ORDER BY p.path, c.slot, u.start_at, u.revision LIMIT ${take} OFFSET ${skip}`;
  const { usedSeconds, unusedSeconds, downSeconds, amountUnits } = sums._sum;
  return {
    cards: rows.map((row) => ({
      allocationId: idFrom('allocation', row.allocation_id),
      cardId: idFrom('card', row.card_id),
      place: row.path.split('/').slice(SITE_CODES).join('/'),
      slot: row.slot,
      startAt: fromDate(row.start_at),
      endAt: fromDate(row.end_at),
      usedSeconds: row.used_seconds,
      unusedSeconds: row.unused_seconds,
      downSeconds: row.down_seconds,
      bandBps: row.band_bps,
      revision: row.revision,
      chargedToDateUnits: units(row.charged),
      amountUnits: units(row.amount),
    })),
    total: sums._count,
    totals: {
      usedSeconds: BigInt(usedSeconds ?? 0),
      unusedSeconds: BigInt(unusedSeconds ?? 0),
      downSeconds: BigInt(downSeconds ?? 0),
      amountUnits: units(amountUnits ?? 0n),
    },
  };
}
