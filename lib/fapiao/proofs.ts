import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

/** What must hold of fapiao at any time. The formulas are written again here, apart from those that refuse. */
export const FAPIAO_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'fapiaoWithinInvoices',
    'no line of an invoice is covered by more fapiao than it has, in gross, net and tax',
    Prisma.sql`SELECT c.invoice_id || ':' || c.invoice_line AS what FROM (
        SELECT l.invoice_id, l.invoice_line, sum(l.gross_fen * k.sign) AS gross, sum(l.net_fen * k.sign) AS net, sum(l.tax_fen * k.sign) AS tax
        FROM fapiao f JOIN fapiao_line l ON l.fapiao_id = f.id JOIN (VALUES ('blue', 'requested', 1), ('blue', 'issuing', 1), ('blue', 'issued', 1),
          ('red', 'issued', -1)) AS k (kind, state, sign) ON k.kind = f.kind AND k.state = f.state GROUP BY 1, 2) c
      LEFT JOIN invoice_line i ON i.invoice_id = c.invoice_id AND i.line = c.invoice_line
      WHERE (c.gross <= i.gross_fen AND c.net <= i.net_fen AND c.tax <= i.tax_fen AND c.gross >= 0 AND c.net >= 0 AND c.tax >= 0) IS NOT TRUE`,
  ),
  proofByQuery(
    'fapiaoWithinAvailable',
    'no fapiao was asked for beyond what its organisation, or its blue one, had left',
    Prisma.sql`SELECT sales_number AS what FROM fapiao WHERE gross_fen > available_fen OR gross_fen < 1
      UNION ALL SELECT o.organisation_id FROM (SELECT organisation_id,
          sum(CASE WHEN kind = 'red' THEN CASE state WHEN 'issued' THEN -gross_fen ELSE 0 END WHEN state IN ('refused', 'withdrawn') THEN 0 ELSE gross_fen END) AS held
        FROM fapiao GROUP BY 1) o
      WHERE o.held < 0 OR o.held > coalesce((SELECT sum(i.gross_fen) FROM invoice i WHERE i.organisation_id = o.organisation_id), 0)`,
  ),
  proofByQuery(
    'fapiaoSums',
    'a fapiao is the sum of its lines, and every line is net and tax',
    Prisma.sql`SELECT f.sales_number AS what FROM fapiao f
      LEFT JOIN LATERAL (SELECT sum(gross_fen) AS gross, sum(net_fen) AS net, sum(tax_fen) AS tax, bool_and(net_fen + tax_fen = gross_fen) AS fits
        FROM fapiao_line l WHERE l.fapiao_id = f.id) l ON true
      WHERE (l.fits AND l.gross = f.gross_fen AND l.net = f.net_fen AND l.tax = f.tax_fen) IS NOT TRUE`,
  ),
  proofByQuery(
    'fapiaoNumbers',
    'what is issued has a number of 20 digits that nothing else has, and nothing else has one',
    Prisma.sql`SELECT min(sales_number) AS what FROM fapiao WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1
      UNION ALL SELECT sales_number FROM fapiao WHERE (state = 'issued') <> (number IS NOT NULL) OR number !~ '^[0-9]{20}$'`,
  ),
  proofByQuery(
    'redWithinBlue',
    'red fapiao take back issued ones of the same organisation, and no line more than it has',
    Prisma.sql`SELECT r.sales_number AS what FROM fapiao r LEFT JOIN fapiao b ON b.id = r.blue_id
      WHERE r.kind = 'red' AND (b.kind = 'blue' AND b.state = 'issued' AND b.organisation_id = r.organisation_id) IS NOT TRUE
      UNION ALL SELECT t.blue_id FROM (SELECT r.blue_id, l.line, sum(l.gross_fen) AS gross, sum(l.net_fen) AS net, sum(l.tax_fen) AS tax
        FROM fapiao r JOIN fapiao_line l ON l.fapiao_id = r.id WHERE r.kind = 'red' AND r.state NOT IN ('refused', 'withdrawn') GROUP BY 1, 2) t
      LEFT JOIN fapiao_line b ON b.fapiao_id = t.blue_id AND b.line = t.line
      WHERE (t.gross <= b.gross_fen AND t.net <= b.net_fen AND t.tax <= b.tax_fen) IS NOT TRUE`,
  ),
  proofByQuery(
    'fapiaoHistory',
    'the history of a fapiao begins with its request, goes on in permitted steps, and ends in its state',
    Prisma.sql`SELECT f.sales_number AS what FROM fapiao f
      LEFT JOIN LATERAL (SELECT string_agg(e.state, ' ' ORDER BY e.id) AS path, (array_agg(e.at ORDER BY e.id DESC))[1] AS last_at
        FROM fapiao_event e WHERE e.fapiao_id = f.id) h ON true
      WHERE (h.last_at = f.changed_at AND (h.path = f.state OR h.path LIKE '% ' || f.state) AND CASE f.kind
        WHEN 'blue' THEN h.path ~ '^requested( withdrawn| refused| issuing( issued| refused)?)?$'
        ELSE h.path ~ '^requested( withdrawn| refused| confirmed( refused| issuing( issued| refused)?)?)?$' END) IS NOT TRUE`,
  ),
];
