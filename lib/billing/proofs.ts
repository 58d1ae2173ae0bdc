import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';
import { CREDIT_NOTE_PROOFS } from './credit-notes/proofs.ts';
import { ON_ACCOUNT_PROOFS } from './receivables/proofs.ts';
import { TERM_REFUND_PROOFS } from './refund-proofs.ts';

/** What must hold of charges and invoices at any time. The formulas are written again here, in SQL, on purpose. */
export const BILLING_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'chargesTelescope',
    'the charges of an allocation sum to its charge to date, in the order in which they were booked',
    Prisma.sql`SELECT allocation_id AS what FROM (
        SELECT allocation_id, charged_to_date_units,
          sum(amount_units) OVER (PARTITION BY allocation_id ORDER BY number) AS summed FROM usage_charge) c
      WHERE summed <> charged_to_date_units`,
  ),
  proofByQuery(
    'chargesRated',
    'every charge to date follows from seconds, band and price by the published formula',
    Prisma.sql`SELECT allocation_id AS what FROM (
        SELECT u.allocation_id, u.purchase, u.weighted_seconds_to_date, u.charged_to_date_units, p.price_e10_per_card_hour, r.term_price_units, r.term_seconds,
          sum((u.used_seconds + CASE u.purchase WHEN 'by-card' THEN u.unused_seconds ELSE 0 END)::bigint
            * CASE WHEN u.band_bps = 0 THEN 0 WHEN u.purchase = 'by-card' THEN 1 ELSE u.band_bps END) OVER (PARTITION BY u.allocation_id ORDER BY u.number) AS weighted
        FROM usage_charge u JOIN price_version p ON p.id = u.price_version_id JOIN reservation r ON r.id = u.reservation_id) c
      WHERE weighted <> weighted_seconds_to_date OR charged_to_date_units <> CASE purchase
        WHEN 'by-card' THEN div(term_price_units::numeric * weighted, term_seconds)
        ELSE div(price_e10_per_card_hour::numeric * weighted, 3600000000) END`,
  ),
  proofByQuery(
    'chargesPosted',
    'the charges of a reservation and hour are what their journal moved out of its hold, or of wallet, vouchers and what is owed when they were put right',
    Prisma.sql`SELECT u.journal_key AS what FROM (SELECT journal_key, sum(amount_units) AS amount, sum(used_seconds) AS used FROM usage_charge GROUP BY journal_key) u
      LEFT JOIN LATERAL (
        SELECT coalesce(sum(p.debit_units - p.credit_units) FILTER (WHERE a.kind IN ('hold', 'commitment', 'wallet', 'receivable', 'promo')), 0) AS amount,
          coalesce(sum(p.credit_units - p.debit_units) FILTER (WHERE a.kind = 'capacityUsed'), 0) AS used
        FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id WHERE j.key = u.journal_key) j ON true
      WHERE j.amount IS DISTINCT FROM u.amount OR j.used IS DISTINCT FROM u.used`,
  ),
  proofByQuery(
    'nothingChargedUnexplained',
    'every journal of usage has its charges',
    Prisma.sql`SELECT j.key AS what FROM journal j WHERE j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected')
      AND NOT EXISTS (SELECT FROM usage_charge u WHERE u.reservation_id = j.source->>'reservation' AND u.journal_key = j.key)`,
  ),
  proofByQuery(
    'invoicesComplete',
    'an invoice is the sum of its lines and of the usage of its month, to the unit',
    Prisma.sql`SELECT i.number AS what FROM invoice i
      LEFT JOIN LATERAL (SELECT sum(gross_units) AS units, sum(gross_fen) AS fen, sum(net_fen) AS net, sum(tax_fen) AS tax FROM invoice_line l WHERE l.invoice_id = i.id) l ON true
      LEFT JOIN LATERAL (SELECT sum(u.amount_units) AS units FROM usage_charge u WHERE u.organisation_id = i.organisation_id AND shanghai_month(u.counts_at) = i.month) u ON true
      WHERE l.units IS DISTINCT FROM i.gross_units OR l.fen IS DISTINCT FROM i.gross_fen OR l.net IS DISTINCT FROM i.net_fen
        OR l.tax IS DISTINCT FROM i.tax_fen OR u.units IS DISTINCT FROM i.gross_units`,
  ),
  proofByQuery(
    'invoiceNumbersGapless',
    'the numbers of a year run from 1 without a gap',
    Prisma.sql`SELECT c.entity || '-' || c.year AS what FROM invoice_counter c
      LEFT JOIN invoice i ON i.number LIKE c.entity || '-' || c.year || '-%' GROUP BY c.entity, c.year HAVING count(i.*) <> c.last_number
        OR coalesce(max(right(i.number, 6)::int), 0) <> c.last_number`,
  ),
  proofByQuery(
    'closeSumsKept',
    'what was kept when a close began is what the charges that the month bills come to, and nothing was added since',
    Prisma.sql`SELECT p.month AS what FROM billing_period p
      LEFT JOIN LATERAL (SELECT coalesce(sum(charges), 0) AS charges, coalesce(sum(amount_units), 0) AS amount FROM period_sum s WHERE s.month = p.month) s ON true
      LEFT JOIN LATERAL (SELECT coalesce(sum(amount_units), 0) AS amount FROM period_account a WHERE a.month = p.month) a ON true
      LEFT JOIN LATERAL (SELECT count(*) AS charges, coalesce(sum(u.amount_units), 0) AS amount FROM usage_charge u
        WHERE shanghai_month(u.counts_at) = p.month) u ON true
      WHERE s.charges <> u.charges OR s.amount <> u.amount OR a.amount <> u.amount`,
  ),
  proofByQuery(
    'closedMonthsComplete',
    'everybody who was charged something in a closed month has an invoice of it',
    Prisma.sql`SELECT a.organisation_id AS what FROM period_account a JOIN billing_period p ON p.month = a.month AND p.state = 'closed'
      WHERE a.amount_units <> 0 AND NOT EXISTS (SELECT FROM invoice i WHERE i.organisation_id = a.organisation_id AND i.month = a.month)`,
  ),
  ...CREDIT_NOTE_PROOFS,
  ...ON_ACCOUNT_PROOFS,
  ...TERM_REFUND_PROOFS,
];
