import 'server-only';
import type { Instant } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { MapHolder, MapServer } from './card-map.ts';
import type { CardStates } from './condition.ts';
import { heldCards, holderState } from './held.ts';
import { toDate } from '#lib/core/instant.ts';

/** The servers of a pool in ordinal order, with where they stand. */
export async function readMapServers(tx: Tx, poolId: string): Promise<MapServer[]> {
  const rows = await tx.$queryRaw<{ id: string; path: string; first: number; cards: number }[]>`
    SELECT s.place_id AS id, p.path, min(c.ordinal)::int AS first, count(*)::int AS cards
    FROM server_host s JOIN place p ON p.id = s.place_id JOIN card c ON c.server_id = s.place_id
    WHERE s.pool_id = ${poolId} GROUP BY s.place_id, p.path, s.ordinal ORDER BY s.ordinal`;
  return rows.map(({ id, path, first, cards }) => {
    const codes = path.split('/');
    return {
      id,
      supernode: codes.slice(0, -1).join('/'),
      pod: codes.slice(0, -2).join('/'),
      label: codes.slice(-3).join('/'),
      firstCard: first,
      cards,
    };
  });
}

/** Cards that share their states, as ordinals: a few rows for a whole fleet. */
export async function readMapStates(
  tx: Tx,
  poolId: string,
  now: Instant,
): Promise<(CardStates & { readonly ordinals: readonly number[] })[]> {
  return tx.$queryRaw`
    SELECT c.health, c.takes_new_work AS "takesNewWork", c.probation_until IS NOT NULL AS "isOnProbation", c.lifecycle, c.commercial, ${holderState(now)} AS holder, array_agg(c.ordinal ORDER BY c.ordinal) AS ordinals
    FROM card c LEFT JOIN ${heldCards(now)} h ON h.card_id = c.id WHERE c.pool_id = ${poolId} GROUP BY 1, 2, 3, 4, 5, 6`;
}

/** Who has which cards of a pool now. */
export async function readMapHolders(
  tx: Tx,
  poolId: string,
  now: Instant,
): Promise<(MapHolder & { readonly ordinals: readonly number[] })[]> {
  return tx.$queryRaw`
    SELECT r.id AS "reservationId", r.name, o.name AS organisation, array_agg(c.ordinal) AS ordinals
    FROM allocation a JOIN card c ON c.id = a.card_id JOIN reservation r ON r.id = a.reservation_id
      JOIN organisation o ON o.id = a.organisation_id
    WHERE a.pool_id = ${poolId} AND a.start_at <= ${toDate(now)}::timestamptz AND (a.end_at IS NULL OR a.end_at > ${toDate(now)}::timestamptz)
    GROUP BY r.id, r.name, o.name ORDER BY r.id`;
}

/** What the cards in use told last, for those that were read since their holder began. */
export async function readMapReadings(
  tx: Tx,
  poolId: string,
  now: Instant,
): Promise<{ ordinal: number; utilisation: number | null; temperature: number | null }[]> {
  return tx.$queryRaw`
    SELECT c.ordinal, (g.readings->>'utilPct')::float8 AS utilisation, (g.readings->>'tempC')::float8 AS temperature
    FROM card_reading g JOIN card c ON c.id = g.card_id
    JOIN LATERAL (SELECT a.start_at FROM allocation a WHERE a.card_id = c.id AND a.during @> ${toDate(now)}::timestamptz) h ON true
    WHERE c.pool_id = ${poolId} AND g.sampled_at >= h.start_at`;
}
