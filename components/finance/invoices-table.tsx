import type { ReactNode } from 'react';
import { InstantText } from '#components/format/instant-text.tsx';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { InvoiceView } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** Issued invoices, for finance: whose, for which month, how much. */
export async function InvoicesTable({ rows, empty }: { rows: readonly InvoiceView[]; empty: ReactNode }) {
  const t = await getTranslations('finance');
  const columns: Column<InvoiceView>[] = [
    {
      key: 'number',
      header: t('invoice.number'),
      className: 'whitespace-nowrap',
      cell: ({ id, number }) => (
        <TextLink href={`/finance/invoices/${id}`} className="num">
          {number}
        </TextLink>
      ),
    },
    { key: 'organisation', header: t('invoice.organisation'), cell: ({ organisationName }) => organisationName },
    {
      key: 'month',
      header: t('invoice.month'),
      isWideOnly: true,
      cell: ({ month }) => <span className="num">{month}</span>,
    },
    {
      key: 'issued',
      header: t('invoice.issuedAt'),
      isWideOnly: true,
      cell: ({ issuedAt }) => <InstantText at={issuedAt} />,
    },
    {
      key: 'net',
      header: t('invoice.net'),
      align: 'end',
      isWideOnly: true,
      cell: ({ netFen }) => <Money fen={netFen} />,
    },
    {
      key: 'tax',
      header: t('invoice.tax'),
      align: 'end',
      isWideOnly: true,
      cell: ({ taxFen }) => <Money fen={taxFen} />,
    },
    {
      key: 'gross',
      header: t('invoice.gross'),
      align: 'end',
      cell: ({ grossFen }) => (
        <span className="font-medium">
          <Money fen={grossFen} />
        </span>
      ),
    },
  ];
  return <DataTable label={t('invoice.title')} columns={columns} rows={rows} rowKey={({ id }) => id} empty={empty} />;
}
