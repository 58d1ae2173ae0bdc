import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

/** The card-seconds of a reservation's month in which it had a card at all, by its allocations. */
const BOUND = Prisma.sql`(SELECT coalesce(sum(extract(epoch FROM least(coalesce(a.end_at, 'infinity'), g.to_at) - greatest(a.start_at, g.from_at))), 0)
  FROM allocation a WHERE a.reservation_id = c.reservation_id AND a.start_at < g.to_at AND coalesce(a.end_at, 'infinity') > g.from_at)`;

/** Months whose credits are given with everything that was put right by now, with their bounds. */
const GIVEN = Prisma.sql`(SELECT m.month, (to_date(m.month, 'YYYY-MM')::timestamp - interval '8 hours') AT TIME ZONE 'UTC' AS from_at,
    (to_date(m.month, 'YYYY-MM')::timestamp + interval '1 month' - interval '8 hours') AT TIME ZONE 'UTC' AS to_at
  FROM sla_month m WHERE m.put_right = (SELECT count(*) FROM usage_charge u WHERE u.late_at IS NOT NULL AND shanghai_month(u.hour_at) = m.month))`;

/** What must hold of credits for broken availability at any time. The rule is written again here, in SQL, on purpose. */
export const SLA_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'slaCreditsPosted',
    'every credit for broken availability is what its journal took off what is owed and put into the wallet, and was told once',
    Prisma.sql`SELECT c.id AS what FROM sla_credit c
      LEFT JOIN journal j ON j.key = c.journal_key AND j.kind = 'slaCompensated' AND j.organisation_id = c.organisation_id AND j.effective_at = c.effective_at
      LEFT JOIN LATERAL (SELECT sum(p.credit_units) FILTER (WHERE a.kind = 'wallet') AS paid, sum(p.credit_units) FILTER (WHERE a.kind = 'receivable') AS owed
        FROM posting p JOIN account a ON a.id = p.account_id WHERE p.journal_id = j.id) p ON true
      WHERE coalesce(p.paid, 0) <> c.amount_units - coalesce(c.owed_units, 0) OR coalesce(p.owed, 0) <> coalesce(c.owed_units, 0)
        OR (SELECT count(*) FROM notice n WHERE n.organisation_id = c.organisation_id AND n.source_key = c.journal_key) <> 1`,
  ),
  proofByQuery(
    'slaCreditsComplete',
    'every reservation of a month that fell below a line of its published table has its credit, to the unit, and nobody else',
    Prisma.sql`SELECT coalesce(due.reservation_id, given.reservation_id) || ' ' || coalesce(due.month, given.month) AS what
      FROM (
        SELECT g.month, f.reservation_id, div(greatest(f.charged - f.vouchers, 0)::numeric * t.bps, 10000) AS units FROM ${GIVEN} g
        JOIN LATERAL sla_figures(g.month, NULL) f ON true
        JOIN LATERAL (SELECT p.tiers FROM sla_policy p WHERE p.state = 'approved' AND p.valid_from COLLATE "C" <= g.month
          AND (p.sku_id IS NULL OR p.sku_id = f.sku_id) ORDER BY p.sku_id IS NULL, p.valid_from COLLATE "C" DESC LIMIT 1) p ON true
        JOIN LATERAL (SELECT max((tier->>'creditBps')::int) AS bps FROM jsonb_array_elements(p.tiers) tier
          WHERE f.used::numeric / nullif(f.promised - f.excluded, 0) < (tier->>'belowPpm')::numeric / 1000000) t ON t.bps IS NOT NULL
      ) due
      FULL JOIN (SELECT c.month, c.reservation_id, sum(c.amount_units) AS units FROM sla_credit c JOIN ${GIVEN} g USING (month) GROUP BY 1, 2) given
        ON given.month = due.month AND given.reservation_id = due.reservation_id
      -- What was put right in nobody's favour since takes nothing back.
      WHERE coalesce(given.units, 0) < coalesce(due.units, 0) OR coalesce(given.units, 0) > coalesce(due.units, 0) AND NOT EXISTS (
        SELECT FROM usage_charge u WHERE u.reservation_id = given.reservation_id AND u.late_at IS NOT NULL AND shanghai_month(u.hour_at) = given.month)`,
  ),
  proofByQuery(
    'slaCreditsLessenOwed',
    'a credit of use on account goes into the wallet only when nothing is owed any more, and lessens nothing that others owe',
    Prisma.sql`SELECT c.id AS what FROM sla_credit c JOIN reservation r ON r.id = c.reservation_id JOIN journal j ON j.key = c.journal_key
      WHERE c.owed_units IS NOT NULL AND CASE WHEN r.pay_by = 'account' THEN c.owed_units < c.amount_units AND (
          SELECT coalesce(sum(p.debit_units - p.credit_units), 0) FROM account a JOIN posting p ON p.account_id = a.id
          WHERE a.path = 'ar:' || c.organisation_id || ':open' AND p.journal_id <= j.id) <> 0
        ELSE c.owed_units <> 0 END`,
  ),
  proofByQuery(
    'slaSecondsProven',
    'the card-seconds behind a credit are those of its reservation: promised from first to last, bound by its allocations, used by its charges',
    Prisma.sql`SELECT c.id AS what FROM sla_credit c JOIN ${GIVEN} g USING (month)
      JOIN LATERAL (SELECT sum(u.used_seconds) AS used FROM usage_charge u
        WHERE u.reservation_id = c.reservation_id AND u.hour_at >= g.from_at AND u.hour_at < g.to_at) u ON true
      WHERE c.revision = (SELECT max(revision) FROM sla_credit o WHERE o.reservation_id = c.reservation_id AND o.month = c.month)
        AND (c.used_seconds + c.down_seconds <> ${BOUND} OR c.used_seconds <> u.used AND NOT EXISTS (
          SELECT FROM usage_charge l WHERE l.reservation_id = c.reservation_id AND l.late_at IS NOT NULL AND shanghai_month(l.hour_at) = c.month))`,
  ),
];
