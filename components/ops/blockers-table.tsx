import { CircleCheck } from 'lucide-react';
import { getTranslations } from '#lib/i18n/server.ts';
import type { Blocker } from '#lib/reservations/explanation.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextLink } from '../ui/text-link.tsx';

/** Where staff look at what stands in the way. */
function hrefOf({ kind, id }: Blocker): string {
  return kind === 'reservation' ? `/ops/reservations/${id}` : `/ops/cards/${id}`;
}

/** What stands in the way of a reservation, by name, with links. */
export async function BlockersTable({ blockers }: { blockers: readonly Blocker[] }) {
  const t = await getTranslations('explain');
  const columns: Column<Blocker>[] = [
    { key: 'kind', header: t('ops.kind'), cell: ({ kind }) => t(`ops.kinds.${kind}`) },
    {
      key: 'id',
      header: t('ops.id'),
      cell: (row) => (
        <TextLink href={hrefOf(row)} prefetch={false}>
          <code className="text-xs">{row.id}</code>
        </TextLink>
      ),
    },
    {
      key: 'organisation',
      header: t('ops.organisation'),
      isWideOnly: true,
      cell: ({ organisationId }) => <code className="text-xs text-ink-3">{organisationId ?? ''}</code>,
    },
    { key: 'cards', header: t('ops.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'until',
      header: t('ops.until'),
      align: 'end',
      cell: ({ until }) => (until === null ? t('ops.unknownUntil') : <InstantText at={until} />),
    },
  ];
  return (
    <DataTable
      label={t('ops.blockers')}
      columns={columns}
      rows={blockers}
      rowKey={({ kind, id }) => `${kind} ${id}`}
      empty={<EmptyState Icon={CircleCheck} title={t('ops.noBlockers')} text={t('ops.noBlockersText')} />}
    />
  );
}
