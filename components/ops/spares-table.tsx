import { LifeBuoy } from 'lucide-react';
import { getTranslations } from '#lib/i18n/server.ts';
import type { SparesView } from '#lib/reservations/maintenance-view-types.ts';
import { formatFactor } from '../format/factor.ts';
import { formatInstant } from '../format/instant.ts';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextLink } from '../ui/text-link.tsx';

/** The cards that each pool keeps from sale for replacements, and how many of them are ready. */
export async function SparesTable({
  rows,
  poolNames,
  canSet,
}: {
  rows: readonly SparesView[];
  poolNames: ReadonlyMap<string, string>;
  canSet: boolean;
}) {
  const t = await getTranslations('maintenance');
  const columns: Column<SparesView>[] = [
    { key: 'pool', header: t('spares.pool'), cell: ({ poolId }) => poolNames.get(poolId) ?? poolId },
    {
      key: 'share',
      header: t('spares.share'),
      align: 'end',
      cell: ({ shareBps }) => <span className="num">{formatFactor(shareBps)}</span>,
    },
    { key: 'cards', header: t('spares.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    { key: 'ready', header: t('spares.ready'), align: 'end', cell: ({ ready }) => <Count count={ready} /> },
    { key: 'inUse', header: t('spares.inUse'), align: 'end', cell: ({ inUse }) => <Count count={inUse} /> },
    { key: 'onSale', header: t('spares.onSale'), align: 'end', cell: ({ onSale }) => <Count count={onSale} /> },
    {
      key: 'setBy',
      header: t('spares.setBy'),
      isWideOnly: true,
      cell: ({ setBy, setAt }) =>
        setBy === null || setAt === null
          ? t('spares.asBuilt')
          : t('spares.setByAt', { by: setBy, at: formatInstant(setAt) }),
    },
    ...(canSet
      ? [
          {
            key: 'change',
            header: <span className="sr-only">{t('spares.change')}</span>,
            align: 'end' as const,
            cell: ({ poolId }: SparesView) => (
              <TextLink href={`/ops/maintenance/spares/${poolId}`}>{t('spares.change')}</TextLink>
            ),
          },
        ]
      : []),
  ];
  return (
    <DataTable
      label={t('spares.title')}
      columns={columns}
      rows={rows}
      rowKey={({ poolId }) => poolId}
      empty={<EmptyState Icon={LifeBuoy} title={t('spares.none')} text={t('spares.noneText')} />}
    />
  );
}
