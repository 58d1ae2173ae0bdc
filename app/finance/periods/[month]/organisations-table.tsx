import { Money } from '#components/format/money-text.tsx';
import { CardHours } from '#components/format/quantity-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { PeriodOrganisation } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** Who used something in a month, with the invoice of each once there is one. */
export async function OrganisationsTable({ rows }: { rows: readonly PeriodOrganisation[] }) {
  const t = await getTranslations('finance');
  const columns: Column<PeriodOrganisation>[] = [
    { key: 'name', header: t('period.organisation'), cell: ({ name }) => <span className="font-medium">{name}</span> },
    {
      key: 'used',
      header: t('period.cardHours'),
      align: 'end',
      isWideOnly: true,
      cell: ({ usedSeconds }) => <CardHours seconds={usedSeconds} hasUnit={false} />,
    },
    {
      key: 'charges',
      header: t('period.charges'),
      align: 'end',
      cell: ({ grossUnits }) => <Money units={grossUnits} />,
    },
    {
      key: 'invoice',
      header: t('period.invoice'),
      align: 'end',
      cell: ({ invoice }) =>
        invoice === null ? (
          <span className="text-ink-3">{t('period.noInvoice')}</span>
        ) : (
          <TextLink href={`/finance/invoices/${invoice.id}`} className="num">
            {invoice.number}
          </TextLink>
        ),
    },
  ];
  return (
    <DataTable
      label={t('period.organisationsTitle')}
      columns={columns}
      rows={rows}
      rowKey={({ organisationId }) => organisationId}
      empty={null}
    />
  );
}
