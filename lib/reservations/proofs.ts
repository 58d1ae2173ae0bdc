import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

/** What must hold of reservations and allocations at any time. */
export const RESERVATION_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'noOverlap',
    'no card is in two allocations at once',
    Prisma.sql`SELECT id AS what FROM (
        SELECT id, start_at, max(coalesce(end_at, 'infinity')) OVER (PARTITION BY card_id ORDER BY start_at, id
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
        FROM allocation WHERE end_at IS NULL OR end_at > start_at) a
      WHERE start_at < taken_until`,
  ),
  proofByQuery(
    'gangsWhole',
    'a running reservation has all its cards, but for those that failed and wait to be replaced',
    Prisma.sql`SELECT r.id AS what FROM reservation r
      LEFT JOIN allocation a ON a.reservation_id = r.id AND a.end_at IS NOT DISTINCT FROM r.end_at
      WHERE r.state = 'active' GROUP BY r.id
      HAVING count(a.*) + (SELECT count(*) FROM jsonb_array_elements(r.lost) l WHERE (l->>'isUnbound')::boolean) <> r.cards`,
  ),
  proofByQuery(
    'topologiesKept',
    'the cards of a reservation lie as its topology promised',
    // Maintenance may have moved all of it together: what counts is where its cards lie at one time.
    Prisma.sql`SELECT r.id AS what FROM (
          SELECT r.id, r.topology FROM reservation r JOIN allocation a ON a.reservation_id = r.id JOIN card c ON c.id = a.card_id
            JOIN place s ON s.id = c.server_id
          WHERE r.topology IN ('same-server', 'same-supernode') AND r.segment_cards IS NULL GROUP BY r.id
          HAVING (r.topology = 'same-server' AND count(DISTINCT c.server_id) > 1) OR count(DISTINCT s.parent_id) > 1) r
      WHERE EXISTS (SELECT FROM allocation a JOIN card c ON c.id = a.card_id JOIN place s ON s.id = c.server_id
          JOIN allocation b ON b.reservation_id = a.reservation_id AND b.during && a.during
          JOIN card d ON d.id = b.card_id JOIN place t ON t.id = d.server_id
        WHERE a.reservation_id = r.id
          AND ((r.topology = 'same-server' AND c.server_id <> d.server_id) OR s.parent_id <> t.parent_id))
      UNION SELECT r.id FROM reservation r JOIN allocation a ON a.reservation_id = r.id AND a.end_at IS NOT DISTINCT FROM r.end_at
        JOIN card c ON c.id = a.card_id JOIN place s ON s.id = c.server_id
      WHERE r.state = 'active' AND r.segment_cards IS NOT NULL AND jsonb_array_length(r.lost) = 0
      GROUP BY r.id, CASE r.topology WHEN 'same-server' THEN c.server_id ELSE s.parent_id END
      HAVING count(*) % r.segment_cards <> 0`,
  ),
  proofByQuery(
    'decisionsNumbered',
    'the decisions of a pool are numbered without a gap, and each was made under one epoch after another',
    Prisma.sql`SELECT l.pool_id AS what FROM pool_lease l LEFT JOIN command c ON c.pool_id = l.pool_id AND c.state = 'answered'
      GROUP BY l.pool_id HAVING count(c.*) <> l.decisions OR coalesce(max(c.decision_number), 0) <> l.decisions
      UNION ALL SELECT id FROM (SELECT id, epoch, max(epoch) OVER (PARTITION BY pool_id ORDER BY decision_number) AS newest FROM command
        WHERE state = 'answered') e WHERE epoch < newest`,
  ),
  proofByQuery(
    'heldWhileLive',
    'every live reservation has its money set aside, and every settled one has its hold resolved',
    Prisma.sql`SELECT r.id AS what FROM reservation r LEFT JOIN hold h ON h.subject = r.id
      WHERE (h.subject IS NULL AND EXISTS (SELECT FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
          WHERE j.key = 'place:' || r.id || ':0' AND a.kind IN ('hold', 'commitment')))
        OR (r.settled_at IS NULL AND h.resolved_at IS NOT NULL)
        OR (r.settled_at IS NOT NULL AND h.subject IS NOT NULL AND h.resolved_at IS NULL)`,
  ),
];
