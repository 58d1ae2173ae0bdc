import { LedgerAmount } from '#components/format/ledger-amount-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import type { ReportControl } from '#lib/billing/reports/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { Agreement } from './control-totals.tsx';

/** Each kind of account by the report and by the ledger, to the last digit. */
export async function ReportControls({ controls }: { controls: readonly ReportControl[] }) {
  const t = await getTranslations('reports');
  const columns: Column<ReportControl>[] = [
    { key: 'kind', header: t('account'), cell: ({ kind }) => t(`kind.${kind}`) },
    {
      key: 'report',
      header: t('report'),
      align: 'end',
      cell: ({ reportUnits }) => <LedgerAmount amount={reportUnits} asset="CNY/8" />,
    },
    {
      key: 'ledger',
      header: t('ledger'),
      align: 'end',
      isWideOnly: true,
      cell: ({ ledgerUnits }) => <LedgerAmount amount={ledgerUnits} asset="CNY/8" />,
    },
    {
      key: 'difference',
      header: t('difference'),
      align: 'end',
      cell: ({ reportUnits, ledgerUnits }) => <Agreement difference={reportUnits - ledgerUnits} />,
    },
  ];
  return (
    <DataTable label={t('controlTitle')} columns={columns} rows={controls} rowKey={({ kind }) => kind} empty={null} />
  );
}
