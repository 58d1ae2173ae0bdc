import { LedgerAmount } from '#components/format/ledger-amount-text.tsx';
import { formatUnitsExact } from '#components/format/money.ts';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import type { PeriodView } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

type Total = { readonly key: 'charges' | 'ledger' | 'invoices' | 'cleared'; readonly amount: bigint | null };

/** The same money from four sources, and by how much each differs from the usage charges. */
export async function ControlTotals({ period }: { period: PeriodView }) {
  const t = await getTranslations('finance');
  const { grossUnits, ledgerUnits, invoicedUnits, clearedUnits, residueUnits, state } = period;
  const isInvoiced = state === 'closed' || state === 'closing';
  const rows: Total[] = [
    { key: 'charges', amount: grossUnits },
    { key: 'ledger', amount: ledgerUnits },
    { key: 'invoices', amount: isInvoiced ? invoicedUnits : null },
    { key: 'cleared', amount: isInvoiced ? clearedUnits : null },
  ];
  const columns: Column<Total>[] = [
    {
      key: 'source',
      header: t('period.source'),
      cell: ({ key }) => (
        <>
          <span className="font-medium">{t(`period.totals.${key}`)}</span>
          <span className="block text-xs text-ink-2">
            {t(`period.totalsNote.${key}`, { residue: formatUnitsExact(residueUnits) })}
          </span>
        </>
      ),
    },
    {
      key: 'amount',
      header: t('period.amount'),
      align: 'end',
      cell: ({ amount }) =>
        amount === null ? (
          <span className="text-ink-3">{t('period.notYet')}</span>
        ) : (
          <LedgerAmount amount={amount} asset="CNY/8" />
        ),
    },
    {
      key: 'difference',
      header: t('period.difference'),
      align: 'end',
      cell: ({ amount }) => amount !== null && <Agreement difference={amount - grossUnits} />,
    },
  ];
  return (
    <DataTable label={t('period.totalsTitle')} columns={columns} rows={rows} rowKey={({ key }) => key} empty={null} />
  );
}

/** Whether two totals are the same to the last digit. */
export async function Agreement({ difference }: { difference: bigint }) {
  const t = await getTranslations('finance');
  if (difference === 0n) return <Badge tone="ok">{t('period.agrees')}</Badge>;
  return (
    <span className="text-danger">
      <LedgerAmount amount={difference} asset="CNY/8" />
    </span>
  );
}
