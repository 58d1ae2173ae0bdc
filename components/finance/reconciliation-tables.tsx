import { Money } from '#components/format/money-text.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { FlowTotals, Side, StandTotals } from '#lib/payments/reconciliation/types.ts';
import { Agreement } from './control-totals.tsx';

async function SideText({ side }: { side: Side }) {
  const t = await getTranslations('reconciliation');
  return (
    <>
      <Money units={side.sumUnits} />
      <span className="block text-xs text-ink-2">{t('count', { count: side.count })}</span>
    </>
  );
}

/** What moved, by its rows and by its journals. */
export async function FlowsTable({ rows }: { rows: readonly FlowTotals[] }) {
  const t = await getTranslations('reconciliation');
  const columns: Column<FlowTotals>[] = [
    {
      key: 'flow',
      header: t('what'),
      cell: ({ flow }) => (
        <>
          <span className="font-medium">{t(`flow.${flow}`)}</span>
          <span className="block text-xs text-ink-2">{t(`rows.${flow}`)}</span>
        </>
      ),
    },
    { key: 'rows', header: t('ours'), align: 'end', cell: ({ rows: side }) => <SideText side={side} /> },
    { key: 'journals', header: t('ledger'), align: 'end', cell: ({ journals }) => <SideText side={journals} /> },
    {
      key: 'difference',
      header: t('difference'),
      align: 'end',
      cell: ({ rows: side, journals }) => <Agreement difference={side.sumUnits - journals.sumUnits} />,
    },
  ];
  return <DataTable label={t('flowsTitle')} columns={columns} rows={rows} rowKey={({ flow }) => flow} empty={null} />;
}

/** What stands at the end of the period, by the rows and by the account. */
export async function StandsTable({ rows }: { rows: readonly StandTotals[] }) {
  const t = await getTranslations('reconciliation');
  const columns: Column<StandTotals>[] = [
    {
      key: 'stand',
      header: t('what'),
      cell: ({ stand }) => (
        <>
          <span className="font-medium">{t(`stand.${stand}`)}</span>
          <span className="block text-xs text-ink-2">{t(`standNote.${stand}`)}</span>
        </>
      ),
    },
    { key: 'rows', header: t('ours'), align: 'end', cell: ({ rowsUnits }) => <Money units={rowsUnits} /> },
    { key: 'account', header: t('account'), align: 'end', cell: ({ accountUnits }) => <Money units={accountUnits} /> },
    {
      key: 'difference',
      header: t('difference'),
      align: 'end',
      cell: ({ rowsUnits, accountUnits }) => <Agreement difference={rowsUnits - accountUnits} />,
    },
  ];
  return (
    <DataTable label={t('standsTitle')} columns={columns} rows={rows} rowKey={({ stand }) => stand} empty={null} />
  );
}
