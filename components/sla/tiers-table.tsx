import { getTranslations } from '#lib/i18n/server.ts';
import type { Tier } from '#lib/sla/types.ts';
import { formatPercent } from '../format/percent.ts';
import { type Column, DataTable } from '../table/data-table.tsx';

/** A published table: below which availability which share is credited. */
export async function TiersTable({ tiers, label }: { tiers: readonly Tier[]; label: string }) {
  const t = await getTranslations('sla');
  const columns: Column<Tier>[] = [
    {
      key: 'below',
      header: t('below'),
      cell: ({ belowPpm }) => <span className="num">{formatPercent(belowPpm, 6)}</span>,
    },
    {
      key: 'share',
      header: t('share'),
      align: 'end',
      cell: ({ creditBps }) => <span className="num font-medium">{formatPercent(creditBps, 4)}</span>,
    },
  ];
  return (
    <DataTable label={label} columns={columns} rows={tiers} rowKey={({ belowPpm }) => `${belowPpm}`} empty={null} />
  );
}
