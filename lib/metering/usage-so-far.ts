import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';

// The door to what a running reservation has used since its last charge, within the caller's transaction.

/** Proven seconds of allocations in one clock hour that no charge covers yet; allocations with equal figures share a row. */
export type UnchargedHour = {
  /** Tells rows of the same allocations in different hours together; hours of one group come in order. */
  readonly group: string;
  readonly allocations: number;
  readonly hourAt: Instant;
  readonly usedSeconds: number;
  readonly before: { readonly weightedSeconds: bigint; readonly chargedUnits: bigint };
};

/**
 * What a reservation's cards were proven to do since their last charges, up to `until`. Proof that is still open counts
 * up to `until`: it is what a release at that second would find. Allocations that share everything are one row, so that
 * ten thousand cards are a handful of rows.
 */
export async function readUncharged(tx: Tx, reservationId: string, until: Instant): Promise<UnchargedHour[]> {
  const rows = await tx.$queryRaw<
    { members: string; allocations: number; hour_at: Date; used: number; weighted: bigint; charged: bigint }[]
  >`
    WITH last AS (
      SELECT a.id, a.start_at, least(coalesce(a.end_at, 'infinity'), ${toDate(until)}::timestamptz) AS until,
        coalesce(u.weighted, 0) AS weighted, coalesce(u.charged, 0) AS charged,
        greatest(a.start_at, u.hour_at + interval '1 hour') AS since
      FROM allocation a LEFT JOIN LATERAL charged_before(a.id) u ON true
      WHERE a.reservation_id = ${reservationId}
    ), hours AS (
      SELECT l.id, l.weighted, l.charged, h AS hour_at, greatest(h, l.since) AS from_at, least(h + interval '1 hour', l.until) AS to_at
      FROM last l CROSS JOIN LATERAL generate_series(date_trunc('hour', l.since), l.until, interval '1 hour') AS h
      WHERE l.since < l.until
    ), used AS (
      SELECT id, weighted, charged, hour_at, CASE WHEN EXISTS (SELECT FROM evidence_correction c
          WHERE c.allocation_id = hours.id AND c.start_at < to_at AND c.end_at > from_at)
        THEN corrected_seconds(id, from_at, to_at, to_at) ELSE (SELECT coalesce(sum(extract(epoch FROM least(coalesce(e.end_at, 'infinity'), to_at)
          - greatest(e.start_at, from_at))), 0)::int
        FROM evidence e WHERE e.allocation_id = hours.id AND e.start_at < to_at AND coalesce(e.end_at, 'infinity') > from_at) END AS used
      FROM hours WHERE from_at < to_at
    ), alike AS (
      SELECT id, weighted, charged, string_agg(extract(epoch FROM hour_at)::bigint || ':' || used, ' ' ORDER BY hour_at) AS pattern
      FROM used GROUP BY id, weighted, charged
    )
    SELECT concat_ws('/', a.weighted, a.charged, a.pattern) AS members, count(*)::int AS allocations, u.hour_at, u.used, u.weighted, u.charged
    FROM used u JOIN alike a ON a.id = u.id
    GROUP BY members, u.hour_at, u.used, u.weighted, u.charged ORDER BY members, u.hour_at`;
  return rows.map((row) => ({
    group: row.members,
    allocations: row.allocations,
    hourAt: fromDate(row.hour_at),
    usedSeconds: row.used,
    before: { weightedSeconds: row.weighted, chargedUnits: row.charged },
  }));
}
