import type { ReactNode } from 'react';
import { getTranslations } from '#lib/i18n/server.ts';
import type { FaultView } from '#lib/inventory/view-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { AdviceText, FaultName, SeverityBadge } from './badges.tsx';
import { HolderText } from './holder-text.tsx';
import { shortPath } from './place-text.ts';

/** The fault queue: what is wrong where, whose work it hits, and what heals it. */
export async function FaultsTable({
  faults,
  hasResolved,
  empty,
}: {
  faults: readonly FaultView[];
  hasResolved: boolean;
  empty: ReactNode;
}) {
  const t = await getTranslations('ops');
  const columns: Column<FaultView>[] = [
    { key: 'severity', header: t('faults.severity'), cell: ({ severity }) => <SeverityBadge severity={severity} /> },
    { key: 'fault', header: t('faults.fault'), cell: (fault) => <FaultName fault={fault} /> },
    {
      key: 'place',
      header: t('faults.place'),
      cell: ({ cardId, serverPath, slot }) => (
        <TextLink href={`/ops/cards/${cardId}`} prefetch={false} className="num whitespace-nowrap">
          {t('place.slot', { path: shortPath(serverPath), slot })}
        </TextLink>
      ),
    },
    { key: 'advice', header: t('faults.advice'), cell: ({ action }) => <AdviceText action={action} /> },
    {
      key: 'holder',
      header: t('faults.holder'),
      isWideOnly: true,
      cell: ({ holder }) => <HolderText holder={holder} />,
    },
    {
      key: 'count',
      header: t('faults.count'),
      align: 'end',
      isWideOnly: true,
      cell: ({ count }) => <Count count={count} />,
    },
    {
      key: 'first',
      header: t('faults.first'),
      align: 'end',
      cell: ({ firstSeenAt }) => <InstantText at={firstSeenAt} />,
    },
    ...(hasResolved
      ? [
          {
            key: 'resolved',
            header: t('faults.resolved'),
            align: 'end' as const,
            cell: ({ resolvedAt }: FaultView) =>
              resolvedAt === null ? t('card.ongoing') : <InstantText at={resolvedAt} />,
          },
        ]
      : []),
  ];
  return <DataTable label={t('faults.title')} columns={columns} rows={faults} rowKey={({ id }) => id} empty={empty} />;
}
