import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

/** What must hold of use on account at any time. */
export const ON_ACCOUNT_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'linesOnAccountKept',
    'nobody has more set aside and owed on account than the credit line in force allows',
    Prisma.sql`SELECT l.organisation_id AS what FROM account l LEFT JOIN account r ON r.path = 'ar:' || l.organisation_id || ':open'
      LEFT JOIN credit_line_change c ON c.organisation_id = l.organisation_id AND c.account_kind = 'receivable' AND c.state = 'approved'
      WHERE l.kind = 'lineSetAside' AND -(l.balance_units + coalesce(r.balance_units, 0)) > coalesce(c.limit_units, 0)`,
  ),
  proofByQuery(
    'setAsideOnAccountHeld',
    'what is set aside against a credit line is what the holds of its reservations on account still have',
    Prisma.sql`SELECT l.organisation_id AS what FROM account l
      LEFT JOIN LATERAL (SELECT coalesce(sum(h.placed_units - h.captured_units - h.released_units), 0) AS held
        FROM reservation r JOIN hold h ON h.subject = r.id WHERE r.organisation_id = l.organisation_id AND r.pay_by = 'account') h ON true
      WHERE l.kind = 'lineSetAside' AND -l.balance_units <> h.held
      UNION ALL SELECT r.id FROM reservation r JOIN hold h ON h.subject = r.id
        JOIN posting p ON p.account_id = h.account_id JOIN journal j ON j.id = p.journal_id AND j.kind IN ('holdPlaced', 'holdReleased')
        JOIN posting o ON o.journal_id = j.id AND o.asset = p.asset AND o.account_id <> p.account_id JOIN account a ON a.id = o.account_id
      WHERE (a.kind = 'lineSetAside') <> (r.pay_by = 'account')`,
  ),
  proofByQuery(
    'hoursOnAccountOwed',
    'every hour that left a hold on account became owed, once and by as much, and nothing else did',
    Prisma.sql`SELECT coalesce(u.key, o.key) AS what FROM (
        SELECT 'owed:' || j.key AS key, p.debit_units AS amount FROM reservation r JOIN hold h ON h.subject = r.id
        JOIN posting p ON p.account_id = h.account_id JOIN journal j ON j.id = p.journal_id AND j.kind = 'usageAccrued' WHERE r.pay_by = 'account') u
      FULL JOIN (SELECT j.key, p.debit_units AS amount FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
        WHERE j.kind = 'postpaidAccrued' AND a.kind = 'receivable') o USING (key)
      WHERE u.amount IS DISTINCT FROM o.amount`,
  ),
  proofByQuery(
    'usedOnAccountNoted',
    'what was used on account in a month is what the journals of its hours say',
    Prisma.sql`SELECT coalesce(m.organisation_id, u.organisation_id) AS what FROM on_account_month m
      FULL JOIN (SELECT a.organisation_id, shanghai_month(j.effective_at) AS month, sum(p.debit_units) AS used
        FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
        WHERE j.kind = 'postpaidAccrued' AND a.kind = 'receivable' GROUP BY 1, 2) u
        ON u.organisation_id = m.organisation_id AND u.month = m.month
      WHERE m.used_units IS DISTINCT FROM u.used`,
  ),
];
