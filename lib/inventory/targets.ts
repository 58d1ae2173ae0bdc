import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { heldCards } from './held.ts';
import type { ActSubject } from './lifecycle.ts';
import type { ActTarget, TouchedReservation } from './view-types.ts';

// What an act of ops is aimed at, within a transaction.

export type TargetCard = ActSubject & {
  readonly id: Id<'card'>;
  readonly poolId: Id<'pool'>;
  readonly serverOrdinal: number;
};

function within(target: ActTarget): Prisma.Sql {
  return target.kind === 'cards'
    ? Prisma.sql`c.id = ANY(${[...target.ids]}::text[])`
    : Prisma.sql`EXISTS (SELECT FROM place t WHERE t.id = ${target.id} AND (p.path = t.path OR starts_with(p.path, t.path || '/')))`;
}

/** The cards of a target, in ordinal order; none when there is no such target. */
export async function readTargetCards(tx: Tx, target: ActTarget, now: Instant): Promise<TargetCard[]> {
  const rows = await tx.$queryRaw<(ActSubject & { id: string; poolId: string; serverOrdinal: number })[]>`
    SELECT c.id, c.pool_id AS "poolId", s.ordinal AS "serverOrdinal", c.lifecycle, c.health, c.takes_new_work AS "takesNewWork",
      h.card_id IS NOT NULL AS "isHeld"
    FROM card c JOIN place p ON p.id = c.server_id JOIN server_host s ON s.place_id = c.server_id
      LEFT JOIN ${heldCards(now)} h ON h.card_id = c.id
    WHERE ${within(target)} ORDER BY c.pool_id, c.ordinal`;
  return rows.map((row) => ({ ...row, id: idFrom('card', row.id), poolId: idFrom('pool', row.poolId) }));
}

type TouchedRow = {
  id: string;
  name: string;
  organisation: string;
  touch: TouchedReservation['touch'];
  cards: number;
  start_at: Date;
  end_at: Date | null;
};

/**
 * The reservations on cards: those that run on them, those bound to start on them, and those whose plan stands on
 * their servers, which may move. Running first, then by start.
 */
export async function readTouched(tx: Tx, cards: readonly TargetCard[], now: Instant): Promise<TouchedReservation[]> {
  const ids = cards.map(({ id }) => id);
  const servers = [...new Set(cards.map(({ serverOrdinal }) => serverOrdinal))];
  const poolId = cards[0]?.poolId ?? '';
  const rows = await tx.$queryRaw<TouchedRow[]>`
    SELECT r.id, r.name, o.name AS organisation, t.touch, t.cards, r.start_at, r.end_at FROM (
      SELECT a.reservation_id, CASE WHEN min(a.start_at) <= ${toDate(now)}::timestamptz THEN 'running' ELSE 'bound' END AS touch, count(*)::int AS cards
      FROM allocation a WHERE a.card_id = ANY(${ids}::text[]) AND a.during && tstzrange(${toDate(now)}::timestamptz, NULL)
      GROUP BY a.reservation_id
      UNION ALL
      SELECT r.id, 'planned', sum((e->>'cards')::int)::int FROM reservation r, jsonb_array_elements(r.plan) e
      WHERE r.pool_id = ${poolId} AND r.state = 'confirmed' AND NOT r.is_bound AND (e->>'server')::int = ANY(${servers}::int[]) GROUP BY r.id
    ) t JOIN reservation r ON r.id = t.reservation_id JOIN organisation o ON o.id = r.organisation_id
    ORDER BY t.touch = 'running' DESC, r.start_at, r.id`;
  return rows.map((row) => ({
    reservationId: idFrom('reservation', row.id),
    name: row.name,
    organisationName: row.organisation,
    touch: row.touch,
    cards: row.cards,
    startAt: fromDate(row.start_at),
    endAt: row.end_at === null ? null : fromDate(row.end_at),
  }));
}
