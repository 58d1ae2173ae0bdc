import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

const PEOPLES_KINDS = Prisma.sql`('cordoned', 'draining', 'maintenance', 'repair', 'returned')`;

/** What must hold of the states of cards at any time. */
export const INVENTORY_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'lifecyclesTold',
    'every card is where its history led, step by step',
    Prisma.sql`SELECT c.id AS what FROM card c LEFT JOIN LATERAL (
        SELECT t.to_state FROM card_transition t WHERE t.card_id = c.id ORDER BY t.id DESC LIMIT 1) last ON true
      WHERE c.lifecycle <> coalesce(last.to_state, 'in_service')
      UNION ALL SELECT card_id FROM (SELECT card_id, from_state, lag(to_state, 1, 'in_service') OVER (PARTITION BY card_id ORDER BY id) AS before
        FROM card_transition) steps WHERE from_state <> before`,
  ),
  proofByQuery(
    'outagesExplained',
    'a card takes no new work exactly while an outage says why: what people decided, or what its device says',
    Prisma.sql`SELECT c.id AS what FROM card c
      LEFT JOIN card_outage p ON p.card_id = c.id AND p.end_at IS NULL AND p.kind IN ${PEOPLES_KINDS}
      LEFT JOIN card_outage d ON d.card_id = c.id AND d.end_at IS NULL AND d.kind NOT IN ${PEOPLES_KINDS}
      GROUP BY c.id HAVING count(DISTINCT p.id) > 1 OR count(DISTINCT d.id) > 1
        OR coalesce(max(p.kind), 'in_service') <> c.lifecycle
        OR coalesce(max(d.kind), '') <> CASE WHEN c.health IN ('unhealthy', 'unknown') THEN 'down' WHEN NOT c.takes_new_work THEN 'blocked'
          WHEN c.probation_until IS NOT NULL THEN 'probation' ELSE '' END`,
  ),
  proofByQuery(
    'workedOnAlone',
    'nobody has a card while it is in maintenance, in repair or returned',
    Prisma.sql`SELECT a.id AS what FROM card_outage o JOIN allocation a ON a.card_id = o.card_id
        AND a.during && tstzrange(o.start_at, o.end_at, '[)')
      WHERE o.kind IN ('maintenance', 'repair', 'returned')`,
  ),
  proofByQuery(
    'faultsAnswered',
    'every card that is down, and not away for repair, has an open fault case',
    Prisma.sql`SELECT c.id AS what FROM card c WHERE c.health IN ('unhealthy', 'unknown') AND c.lifecycle NOT IN ('repair', 'returned')
      AND NOT EXISTS (SELECT FROM fault_case f WHERE f.card_id = c.id AND f.resolved_at IS NULL)`,
  ),
];
