import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { fen } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { NoteCredit } from '../focus/credit-note-rows.ts';

/** The lines of the credit notes that count in a month, of one organisation or with null of all, in the order of numbers. */
export async function readNoteCredits(
  tx: Tx,
  month: Month,
  organisationId: Id<'organisation'> | null,
): Promise<NoteCredit[]> {
  const { startAt, endAt } = monthInterval(month);
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND n.organisation_id = ${organisationId}`;
  const rows = await tx.$queryRaw<
    {
      number: string;
      invoice_number: string;
      month: string;
      organisation_id: string;
      sku_id: string;
      line: number;
      tax_rate_bps: number;
      net_fen: bigint;
      tax_fen: bigint;
      credited_to: string;
      effective_at: Date;
      decided_at: Date;
    }[]
  >`
    SELECT n.number, i.number AS invoice_number, i.month, n.organisation_id, il.sku_id, l.line, il.tax_rate_bps, l.net_fen, l.tax_fen, n.credited_to, n.effective_at, n.decided_at
    FROM credit_note n JOIN credit_note_line l ON l.credit_note_id = n.id JOIN invoice i ON i.id = n.invoice_id
      JOIN invoice_line il ON il.invoice_id = n.invoice_id AND il.line = l.line
    WHERE n.state = 'issued' AND n.effective_at >= ${toDate(startAt)}::timestamptz AND n.effective_at < ${toDate(endAt)}::timestamptz ${whose}
    ORDER BY n.number, l.line`;
  return rows.map((row) => ({
    number: row.number,
    invoiceNumber: row.invoice_number,
    month: row.month as Month,
    organisationId: idFrom('organisation', row.organisation_id),
    skuId: idFrom('sku', row.sku_id),
    line: row.line,
    taxRateBps: row.tax_rate_bps,
    isOwed: row.credited_to === 'receivable',
    netFen: fen(row.net_fen),
    taxFen: fen(row.tax_fen),
    at: fromDate(row.effective_at),
    issuedAt: fromDate(row.decided_at),
  }));
}
