import 'server-only';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma } from '#lib/platform/db.ts';

/**
 * The cards that somebody has or is bound to have, each with its first start: `(card_id, first_at)`. Each branch is
 * written for the index over pool and end. A binding that was taken back before its start is empty, and holds nothing.
 */
export function heldCards(now: Instant): Prisma.Sql {
  return Prisma.sql`(SELECT card_id, min(start_at) AS first_at FROM (
      SELECT a.card_id, a.start_at FROM allocation a WHERE a.pool_id IN (SELECT id FROM pool) AND a.end_at > ${toDate(now)}::timestamptz AND a.end_at > a.start_at
      UNION ALL SELECT a.card_id, a.start_at FROM allocation a WHERE a.pool_id IN (SELECT id FROM pool) AND a.end_at IS NULL
    ) live GROUP BY card_id)`;
}

/** `running`, `soon` or null, of a row of {@link heldCards} named `h`. */
export function holderState(now: Instant): Prisma.Sql {
  return Prisma.sql`CASE WHEN h.first_at <= ${toDate(now)}::timestamptz THEN 'running' WHEN h.first_at IS NOT NULL THEN 'soon' END`;
}

/** The allocation that has the card `c` now or next, with its reservation: `holder`, one JSON object or null. */
export function holderOfCard(now: Instant): Prisma.Sql {
  return Prisma.sql`LATERAL (
    SELECT jsonb_build_object('reservationId', r.id, 'name', r.name, 'organisationId', o.id, 'organisationName', o.name,
        'startMs', (extract(epoch FROM a.start_at) * 1000)::bigint, 'endMs', (extract(epoch FROM a.end_at) * 1000)::bigint,
        'isRunning', a.start_at <= ${toDate(now)}::timestamptz) AS holder, a.start_at AS held_from
    FROM allocation a JOIN reservation r ON r.id = a.reservation_id JOIN organisation o ON o.id = a.organisation_id
    WHERE a.card_id = c.id AND a.during && tstzrange(${toDate(now)}::timestamptz, NULL) ORDER BY a.start_at LIMIT 1)`;
}
