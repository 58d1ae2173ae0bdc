import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

/** What must hold of vouchers at any time, beside the ledger's own proofs. */
export const VOUCHER_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'vouchersGranted',
    'every voucher was posted once as what it is worth, within the budget of its programme',
    Prisma.sql`SELECT g.id AS what FROM voucher_grant g LEFT JOIN journal j ON j.key = 'promo:' || g.id
        LEFT JOIN LATERAL (SELECT sum(p.credit_units) AS units FROM posting p JOIN account a ON a.id = p.account_id
          WHERE p.journal_id = j.id AND a.kind = 'promo') p ON true
        WHERE p.units IS DISTINCT FROM g.amount_units OR j.organisation_id IS DISTINCT FROM g.organisation_id
      UNION ALL SELECT v.id FROM voucher_programme v JOIN voucher_grant g ON g.programme_id = v.id
        GROUP BY v.id HAVING sum(g.amount_units) > v.budget_units`,
  ),
  proofByQuery(
    'tranchesAreHolds',
    'who paid for a reservation sums to what its hold says was placed, charged and returned',
    Prisma.sql`SELECT t.reservation_id AS what FROM voucher_tranche t LEFT JOIN hold h ON h.subject = t.reservation_id
      GROUP BY t.reservation_id, h.account_id HAVING sum(t.placed_units) IS DISTINCT FROM h.placed_units
        OR sum(t.charged_units) IS DISTINCT FROM h.captured_units OR sum(t.returned_units) IS DISTINCT FROM h.released_units
        OR (h.resolved_at IS NOT NULL AND sum(t.credited_units) > 0)`,
  ),
  proofByQuery(
    'tranchesPosted',
    'what a voucher paid and got back by its tranches is what the ledger says, and what they charged is what it burnt',
    Prisma.sql`SELECT g.id AS what FROM voucher_grant g
      LEFT JOIN LATERAL (SELECT coalesce(sum(placed_units), 0) AS placed, coalesce(sum(charged_units), 0) AS charged,
        coalesce(sum(returned_units), 0) AS returned FROM voucher_tranche t WHERE t.grant_id = g.id) t ON true
      LEFT JOIN LATERAL (SELECT coalesce(sum(amount_units), 0) AS burnt FROM voucher_burn b
        WHERE b.grant_id = g.id AND b.journal_key IS NULL) b ON true
      LEFT JOIN LATERAL (
        SELECT coalesce(sum(p.debit_units) FILTER (WHERE j.kind IN ('holdPlaced', 'commitmentPaid')), 0) AS placed,
          coalesce(sum(p.credit_units) FILTER (WHERE j.kind IN ('holdReleased', 'commitmentReturned')), 0) AS returned
        FROM account a JOIN posting p ON p.account_id = a.id JOIN journal j ON j.id = p.journal_id
        WHERE a.path = 'wallet:' || g.organisation_id || ':promo:' || g.id) l ON true
      WHERE t.placed <> l.placed OR t.returned <> l.returned OR t.charged <> b.burnt`,
  ),
  proofByQuery(
    'voucherReturnsPosted',
    'what a voucher got back of hours that were charged too much is what their corrections paid into it, and no more than it had paid',
    Prisma.sql`SELECT coalesce(b.key, p.key) AS what FROM (
        SELECT journal_key AS key, 'wallet:' || organisation_id || ':promo:' || grant_id AS path, -sum(amount_units) AS units
        FROM voucher_burn WHERE journal_key IS NOT NULL GROUP BY 1, 2) b
      FULL JOIN (SELECT j.key, a.path, sum(p.credit_units - p.debit_units) AS units FROM account a JOIN posting p ON p.account_id = a.id
        JOIN journal j ON j.id = p.journal_id AND j.kind = 'usageCorrected' WHERE a.kind = 'promo' GROUP BY 1, 2) p USING (key, path)
      WHERE b.units IS DISTINCT FROM p.units
      UNION ALL SELECT reservation_id FROM voucher_burn GROUP BY reservation_id, grant_id, hour_at HAVING sum(amount_units) < 0`,
  ),
  proofByQuery(
    'vouchersDeducted',
    'an invoice deducts what vouchers burnt in its month, in total and on each line, and the ledger took that from revenue',
    Prisma.sql`SELECT i.number AS what FROM invoice i
      LEFT JOIN LATERAL (SELECT coalesce(sum(b.amount_units), 0) AS units FROM voucher_burn b
        WHERE b.organisation_id = i.organisation_id AND shanghai_month(b.hour_at) = i.month) b ON true
      LEFT JOIN LATERAL (SELECT coalesce(sum(l.voucher_units), 0) AS units FROM invoice_line l WHERE l.invoice_id = i.id) l ON true
      LEFT JOIN LATERAL (SELECT coalesce(sum(p.credit_units), 0) AS units FROM journal j JOIN posting p ON p.journal_id = j.id
        WHERE j.key = 'promo-deducted:' || i.id) j ON true
      WHERE b.units <> i.voucher_units OR l.units <> i.voucher_units OR j.units <> i.voucher_units`,
  ),
];
