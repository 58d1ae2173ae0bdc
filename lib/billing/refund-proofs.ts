import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

/** What must hold of terms that were refunded in full. The rule is written again here, in SQL, on purpose. */
export const TERM_REFUND_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'termsRefundedByRule',
    'what ended as refunded is a term in its days by the rule of its purchase, once for an organisation and SKU, and nothing else is',
    Prisma.sql`SELECT coalesce(r.id, f.reservation_id) AS what
      FROM (SELECT * FROM reservation WHERE end_reason = 'refunded') r FULL JOIN term_refund f ON f.reservation_id = r.id
      LEFT JOIN term_refund_policy p ON p.id = f.policy_id AND p.state = 'approved' AND p.decided_at <= r.created_at
      WHERE r.id IS NULL OR f.reservation_id IS NULL OR p.id IS NULL OR NOT r.term = ANY (p.terms)
        OR f.refunded_at - r.created_at > p.window_days * interval '24 hours'
        OR EXISTS (SELECT FROM term_refund_policy n WHERE n.state = 'approved' AND n.decided_at > p.decided_at AND n.decided_at <= r.created_at)
        OR EXISTS (SELECT FROM term_refund o WHERE o.organisation_id = f.organisation_id AND o.sku_id = f.sku_id AND o.reservation_id <> f.reservation_id)`,
  ),
  proofByQuery(
    'termsRefundedWhole',
    'of a refunded term everything is back: its hold is empty, what its hours were charged is credited, and its customer was told once',
    Prisma.sql`SELECT f.reservation_id AS what FROM term_refund f JOIN reservation r ON r.id = f.reservation_id AND r.settled_at IS NOT NULL
      LEFT JOIN hold h ON h.subject = f.reservation_id
      LEFT JOIN LATERAL (SELECT coalesce(sum(p.credit_units), 0) AS units FROM journal j JOIN posting p ON p.journal_id = j.id
        JOIN account a ON a.id = p.account_id AND a.kind IN ('wallet', 'promo') AND a.organisation_id = f.organisation_id
        WHERE j.key = 'refund-term:' || f.reservation_id) c ON true
      LEFT JOIN LATERAL (SELECT coalesce(sum(s.amount_units), 0) AS units FROM sla_credit s WHERE s.reservation_id = f.reservation_id) s ON true
      WHERE h.resolved_at IS NULL OR h.placed_units <> h.captured_units + h.released_units OR h.captured_units <> c.units + s.units
        OR (SELECT count(*) FROM notice n WHERE n.organisation_id = f.organisation_id AND n.source_key = 'refund-term:' || f.reservation_id) <> 1`,
  ),
];
