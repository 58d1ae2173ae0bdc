import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import type { CreditNote, CreditNoteLine } from '#lib/billing/credit-notes/types.ts';
import type { InvoiceSnapshot } from '#lib/billing/types.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';

/** The lines of a credit note, with what the invoice calls them. */
export async function CreditNoteLines({ note, invoice }: { note: CreditNote; invoice: InvoiceSnapshot }) {
  const [t, i] = [await getTranslations('corrections'), await getTranslations('invoices')];
  const isChinese = (await requestLocale()) === 'zh-CN';
  const columns: Column<CreditNoteLine>[] = [
    {
      key: 'item',
      header: i('detail.item'),
      cell: ({ line }) => {
        const of = invoice.lines.find((each) => each.line === line);
        return (
          <>
            {of?.model}
            <span className="block text-xs text-ink-3">
              {t('credit.line')} {line} · {isChinese ? of?.siteZh : of?.siteEn}
              {of && ` · ${i(`detail.purchase.${of.purchase}`)}`}
            </span>
          </>
        );
      },
    },
    {
      key: 'net',
      header: t('credit.net'),
      align: 'end',
      isWideOnly: true,
      cell: ({ netFen }) => <Money fen={netFen} />,
    },
    {
      key: 'tax',
      header: t('credit.tax'),
      align: 'end',
      isWideOnly: true,
      cell: ({ taxFen }) => <Money fen={taxFen} />,
    },
    { key: 'gross', header: t('credit.gross'), align: 'end', cell: ({ grossFen }) => <Money fen={grossFen} /> },
  ];
  return (
    <DataTable
      label={t('credit.linesTitle')}
      columns={columns}
      rows={note.lines}
      rowKey={({ line }) => `${line}`}
      empty={null}
    />
  );
}
