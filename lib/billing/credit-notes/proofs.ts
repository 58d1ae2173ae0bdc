import 'server-only';
import type { Proof } from '#lib/core/proof.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { proofByQuery } from '#lib/platform/proof-query.ts';

/** What must hold of credit notes at any time, written apart from what refuses. */
export const CREDIT_NOTE_PROOFS: readonly Proof<Tx>[] = [
  proofByQuery(
    'creditNotesWithinInvoices',
    'no line of an invoice is credited by more than it has, in gross, net and tax, and a note is the sum of its lines',
    Prisma.sql`SELECT t.invoice_id || ':' || t.line AS what FROM (
        SELECT l.invoice_id, l.line, sum(l.gross_fen) AS gross, sum(l.net_fen) AS net, sum(l.tax_fen) AS tax
        FROM credit_note_line l JOIN credit_note n ON n.id = l.credit_note_id WHERE n.state <> 'declined' GROUP BY 1, 2) t
      JOIN invoice_line i ON i.invoice_id = t.invoice_id AND i.line = t.line
      WHERE t.gross > i.gross_fen OR t.net > i.net_fen OR t.tax > i.tax_fen
      UNION ALL SELECT n.id FROM credit_note n LEFT JOIN LATERAL (SELECT sum(gross_fen) AS gross, sum(net_fen) AS net, sum(tax_fen) AS tax
        FROM credit_note_line l WHERE l.credit_note_id = n.id) s ON true
      WHERE (s.gross = n.gross_fen AND s.net = n.net_fen AND s.tax = n.tax_fen) IS NOT TRUE`,
  ),
  proofByQuery(
    'creditNotesPosted',
    'the journals of a note take back its net and its tax, when the note says, and no other journal does',
    Prisma.sql`SELECT n.id AS what FROM credit_note n LEFT JOIN LATERAL (
        SELECT coalesce(sum(p.debit_units) FILTER (WHERE a.kind = 'contraCreditNote'), 0) AS net,
          coalesce(sum(p.debit_units) FILTER (WHERE a.kind = 'vatPayable'), 0) AS tax, bool_and(j.effective_at = n.effective_at) AS is_timely
        FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
        WHERE j.kind = 'creditNoteIssued' AND j.source->>'creditNote' = n.id) b ON true
      WHERE CASE n.state WHEN 'issued' THEN (b.net = n.net_fen * 1000000 AND b.tax = n.tax_fen * 1000000 AND b.is_timely) IS NOT TRUE
        ELSE b.net + b.tax <> 0 END
      UNION ALL SELECT j.key FROM journal j WHERE j.kind = 'creditNoteIssued' AND j.key LIKE 'credit-note:crn_%'
        AND EXISTS (SELECT FROM invoice i WHERE i.id = j.source->>'invoice')
        AND NOT EXISTS (SELECT FROM credit_note n WHERE n.id = j.source->>'creditNote' AND n.state = 'issued')`,
  ),
  proofByQuery(
    'creditNoteNumbersGapless',
    'the numbers of the notes of a year run from 1 without a gap',
    Prisma.sql`SELECT c.entity || '-' || c.year AS what FROM credit_note_counter c
      LEFT JOIN credit_note n ON n.number LIKE c.entity || '-CN-' || c.year || '-%' GROUP BY c.entity, c.year
      HAVING count(n.*) <> max(c.last_number) OR coalesce(max(right(n.number, 6)::int), 0) <> max(c.last_number)`,
  ),
];
