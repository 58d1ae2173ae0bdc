import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { CardReadings } from './records.ts';
import type { CardReading, ReadingSummary, ServerGrant } from './view-types.ts';

/**
 * The newest samples of the cards that a reservation has at `now`, of cards whose device answers: `(card_id,
 * sampled_at, readings)`. What was sampled before the reservation had the card, or before the newest round of samples,
 * tells nothing of now.
 */
function samplesOf(reservationId: string, now: Instant): Prisma.Sql {
  const at = Prisma.sql`${toDate(now)}::timestamptz`;
  return Prisma.sql`
    held AS (
      SELECT a.card_id, a.start_at, c.health FROM allocation a JOIN card c ON c.id = a.card_id
      WHERE a.reservation_id = ${reservationId} AND a.start_at <= ${at} AND (a.end_at IS NULL OR a.end_at > ${at})
    ), sampled AS (
      SELECT h.card_id, h.health, r.sampled_at, r.readings, max(r.sampled_at) OVER () AS newest_at
      FROM held h JOIN card_reading r ON r.card_id = h.card_id AND r.sampled_at >= h.start_at
    ), fresh AS (
      SELECT card_id, sampled_at, readings FROM sampled
      WHERE health IN ('healthy', 'degraded') AND sampled_at = newest_at
    )`;
}

type SampleRow = { card_id: string; sampled_at: Date; readings: CardReadings };

/** The newest samples of some of a reservation's cards. A card without one is absent. */
export async function readReadings(
  tx: Tx,
  reservationId: string,
  cardIds: readonly string[],
  now: Instant,
): Promise<CardReading[]> {
  const rows = await tx.$queryRaw<SampleRow[]>`
    WITH ${samplesOf(reservationId, now)} SELECT * FROM fresh WHERE card_id = ANY(${[...cardIds]}::text[])`;
  return rows.map(({ card_id, sampled_at, readings }) => ({
    cardId: card_id,
    sampledAt: fromDate(sampled_at),
    utilPct: readings['utilPct'] ?? null,
    memUsedBytes: readings['memUsedBytes'] ?? null,
    memUsableBytes: readings['memUsableBytes'] ?? null,
    powerMw: readings['powerMw'] ?? null,
    tempC: readings['tempC'] ?? null,
  }));
}

type SummaryRow = {
  cards: number;
  known: number;
  sampled_at: Date | null;
  util: number | null;
  power: bigint | null;
  temp: number | null;
  used: bigint | null;
  usable: bigint | null;
};

const numberOrNull = (value: bigint | null): number | null => (value === null ? null : Number(value));

/** The samples of all cards of a reservation, summed up by the database. */
export async function readSummary(tx: Tx, reservationId: string, now: Instant): Promise<ReadingSummary> {
  const rows = await tx.$queryRaw<SummaryRow[]>`
    WITH ${samplesOf(reservationId, now)}
    SELECT (SELECT count(*)::int FROM held) AS cards, count(*)::int AS known, max(sampled_at) AS sampled_at,
      round(avg((readings->>'utilPct')::numeric))::int AS util, round(sum((readings->>'powerMw')::numeric))::bigint AS power,
      round(max((readings->>'tempC')::numeric))::int AS temp, sum((readings->>'memUsedBytes')::numeric)::bigint AS used,
      sum((readings->>'memUsableBytes')::numeric)::bigint AS usable
    FROM fresh`;
  const [row] = rows;
  return {
    cards: row?.cards ?? 0,
    known: row?.known ?? 0,
    sampledAt: row?.sampled_at ? fromDate(row.sampled_at) : null,
    utilPctAverage: row?.util ?? null,
    powerMwTotal: numberOrNull(row?.power ?? null),
    tempCMax: row?.temp ?? null,
    memUsedBytesTotal: numberOrNull(row?.used ?? null),
    memUsableBytesTotal: numberOrNull(row?.usable ?? null),
  };
}

type GrantRow = { server_id: string; path: string; granted_at: Date; environment: unknown; devices: unknown };

/** A page of what the plugins granted to a reservation, in the order of its servers, and how many servers there are. */
export async function readGrants(
  tx: Tx,
  reservationId: string,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: ServerGrant[]; total: number }> {
  const total = await tx.deviceGrant.count({ where: { reservationId } });
  const rows = await tx.$queryRaw<GrantRow[]>`
    SELECT g.server_id, p.path, g.granted_at, g.environment, g.devices FROM device_grant g JOIN place p ON p.id = g.server_id
    WHERE g.reservation_id = ${reservationId} ORDER BY p.path OFFSET ${page.skip} LIMIT ${page.take}`;
  return {
    total,
    rows: rows.map(({ server_id, path, granted_at, environment, devices }) => ({
      serverId: server_id,
      serverPath: path,
      grantedAt: fromDate(granted_at),
      environment: environment as ServerGrant['environment'],
      devices: devices as ServerGrant['devices'],
    })),
  };
}
