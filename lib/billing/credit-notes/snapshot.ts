import { present } from '#lib/core/assert.ts';
import { type Instant, toIso } from '#lib/core/instant.ts';
import type { InvoiceSnapshot } from '../types.ts';
import type { CreditNote, CreditNoteSnapshot } from './types.ts';

/** All that a note says, as of its issue: parties and items as its invoice named them. */
export function creditSnapshot(
  note: Pick<CreditNote, 'reason' | 'reasonText' | 'lines' | 'grossFen' | 'netFen' | 'taxFen'>,
  invoice: InvoiceSnapshot,
  issue: { readonly number: string; readonly at: Instant; readonly creditedTo: 'wallet' | 'receivable' },
): CreditNoteSnapshot {
  const { seller, buyer, month } = invoice;
  return {
    version: 1,
    number: issue.number,
    invoiceNumber: invoice.number,
    month,
    issuedAt: toIso(issue.at),
    reason: note.reason,
    reasonText: note.reasonText,
    creditedTo: issue.creditedTo,
    seller,
    buyer,
    lines: note.lines.map(({ line, grossFen, netFen, taxFen }) => {
      const of = present(
        invoice.lines.find((each) => each.line === line),
        `line ${line} of ${invoice.number}`,
      );
      const { model, siteZh, siteEn, purchase, taxRateBps, grossFen: invoicedFen } = of;
      const amounts = { grossFen: `${grossFen}`, netFen: `${netFen}`, taxFen: `${taxFen}` };
      return { line, model, siteZh, siteEn, purchase, taxRateBps, invoicedFen, ...amounts };
    }),
    totals: { grossFen: `${note.grossFen}`, netFen: `${note.netFen}`, taxFen: `${note.taxFen}` },
  };
}
