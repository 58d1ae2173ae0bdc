import { Download } from 'lucide-react';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Cell } from '#components/ui/table.tsx';
import { listNotesOfInvoice } from '#lib/billing/credit-notes/reading.ts';
import type { CreditNote } from '#lib/billing/credit-notes/types.ts';
import type { InvoiceView } from '#lib/billing/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { fen } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** What was taken back of an own invoice, and what it comes to with that; nothing when nothing was. */
export async function InvoiceCreditNotes({ ctx, invoice, base }: { ctx: Ctx; invoice: InvoiceView; base: string }) {
  const notes = await listNotesOfInvoice(ctx, invoice.id);
  if (notes.length === 0) return null;
  const t = await getTranslations('corrections');
  const left = fen(notes.reduce<bigint>((rest, { grossFen }) => rest - grossFen, invoice.grossFen));
  const columns: Column<CreditNote>[] = [
    {
      key: 'number',
      header: t('credit.number'),
      cell: ({ id, issue }) => (
        <a
          href={`${base}/credit-notes/${id}/pdf`}
          download
          className={buttonClass({ variant: 'ghost', size: 'sm' })}
          aria-label={`${t('credit.pdf')} ${issue?.number}`}
        >
          <Download aria-hidden />
          <span className="num">{issue?.number}</span>
        </a>
      ),
    },
    {
      key: 'reason',
      header: t('credit.reason'),
      isWideOnly: true,
      cell: ({ reason, reasonText }) =>
        t('credit.reasonWith', { reason: t(`credit.reasons.${reason}`), text: reasonText || 'none' }),
    },
    {
      key: 'at',
      header: t('credit.decided'),
      isWideOnly: true,
      cell: ({ decidedAt }) => decidedAt !== null && <InstantText at={decidedAt} />,
    },
    {
      key: 'to',
      header: t('credit.creditedTo'),
      isWideOnly: true,
      cell: ({ issue }) => issue && t(`credit.to.${issue.creditedTo}`),
    },
    { key: 'gross', header: t('credit.gross'), align: 'end', cell: ({ grossFen }) => <Money fen={grossFen} /> },
  ];
  return (
    <Panel title={t('credit.ofInvoice')} description={t('credit.forCustomer')} isFlush>
      <DataTable
        label={t('credit.ofInvoice')}
        columns={columns}
        rows={notes}
        rowKey={({ id }) => id}
        empty={null}
        foot={
          <tr>
            <Cell>{t('credit.netOf')}</Cell>
            <Cell className="max-md:hidden" />
            <Cell className="max-md:hidden" />
            <Cell className="max-md:hidden" />
            <Cell align="end">
              <Money fen={left} />
            </Cell>
          </tr>
        }
      />
      <p className="px-4 py-3 text-xs text-ink-2 sm:px-5">{t('credit.fapiaoNote')}</p>
    </Panel>
  );
}
