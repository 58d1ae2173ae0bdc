import { formatDate } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { OpenItem } from '#lib/billing/receivables/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** The months of which something is open, oldest first, with their invoices. */
export async function ItemsTable({ items }: { items: readonly OpenItem[] }) {
  const t = await getTranslations('receivables');
  const columns: Column<OpenItem>[] = [
    { key: 'month', header: t('month'), cell: ({ month }) => <span className="num">{month}</span> },
    {
      key: 'invoice',
      header: t('invoice'),
      cell: ({ invoice }) =>
        invoice === null ? (
          <span className="text-ink-3">{t('noInvoice')}</span>
        ) : (
          <TextLink href={`/finance/invoices/${invoice.id}`} className="num">
            {invoice.number}
          </TextLink>
        ),
    },
    {
      key: 'due',
      header: t('dueOn'),
      isWideOnly: true,
      cell: ({ dueAt }) => dueAt !== null && <span className="num">{formatDate(dueAt)}</span>,
    },
    {
      key: 'late',
      header: t('late'),
      isWideOnly: true,
      cell: ({ daysLate }) =>
        daysLate === 0 ? (
          <Badge tone="ok">{t('notLate')}</Badge>
        ) : (
          <Badge tone={daysLate > 30 ? 'danger' : 'warn'}>{t('lateDays', { days: daysLate })}</Badge>
        ),
    },
    {
      key: 'amount',
      header: t('amount'),
      align: 'end',
      isWideOnly: true,
      cell: ({ amountUnits }) => <Money units={amountUnits} />,
    },
    { key: 'left', header: t('left'), align: 'end', cell: ({ leftUnits }) => <Money units={leftUnits} /> },
  ];
  return (
    <DataTable
      label={t('itemsTitle')}
      columns={columns}
      rows={items}
      rowKey={({ month }) => month}
      empty={<EmptyState title={t('itemsEmpty')} text={t('itemsEmptyText')} />}
    />
  );
}
