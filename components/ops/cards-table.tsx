import { LayoutGrid } from 'lucide-react';
import type { ReactNode } from 'react';
import { getTranslations } from '#lib/i18n/server.ts';
import type { CardRow } from '#lib/inventory/view-types.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { ConditionBadge, FaultName } from './badges.tsx';
import { HolderText } from './holder-text.tsx';
import { shortPath } from './place-text.ts';
import { ReadingText } from './reading-text.tsx';

/** Cards with their states, holders and readings. With `choice`, each row begins with a control that chooses it. */
export async function CardsTable({
  label,
  cards,
  hasPath = false,
  choice,
}: {
  label: string;
  cards: readonly CardRow[];
  /** Where cards of several servers stand together. */
  hasPath?: boolean;
  choice?: (card: CardRow) => ReactNode;
}) {
  const [t, f] = [await getTranslations('ops'), await getTranslations('faults')];
  const readings = (['utilisation', 'power', 'temperature', 'memory'] as const).map(
    (field): Column<CardRow> => ({
      key: field,
      header: t(`server.${field}`),
      align: 'end',
      isWideOnly: true,
      cell: ({ reading }) => <ReadingText reading={reading} field={field} />,
    }),
  );
  const columns: Column<CardRow>[] = [
    ...(choice
      ? [
          {
            key: 'choice',
            header: <span className="sr-only">{t('table.actions')}</span>,
            cell: choice,
            className: 'w-8',
          },
        ]
      : []),
    {
      key: 'slot',
      header: hasPath ? f('place') : t('server.slot'),
      cell: ({ id, slot, serverPath }) => (
        <TextLink href={`/ops/cards/${id}`} prefetch={false} className="num whitespace-nowrap">
          {hasPath ? t('place.slot', { path: shortPath(serverPath), slot }) : t('place.slotShort', { slot })}
        </TextLink>
      ),
    },
    { key: 'state', header: t('server.state'), cell: (card) => <ConditionBadge card={card} /> },
    { key: 'holder', header: t('server.holder'), cell: ({ holder }) => <HolderText holder={holder} /> },
    ...readings,
    {
      key: 'fault',
      header: t('server.fault'),
      cell: ({ fault }) => (fault ? <FaultName fault={fault} /> : <span className="text-ink-3">–</span>),
    },
  ];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={cards}
      rowKey={({ id }) => id}
      empty={<EmptyState Icon={LayoutGrid} title={t('map.empty')} text={t('map.emptyText')} />}
    />
  );
}
