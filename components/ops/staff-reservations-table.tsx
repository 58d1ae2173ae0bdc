import { CalendarX2, LayoutGrid } from 'lucide-react';
import { getTranslations } from '#lib/i18n/server.ts';
import type { StaffReservation } from '#lib/reservations/ops-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { mapHref } from './map-state.ts';

const TONES = {
  confirmed: 'waiting',
  active: 'active',
  ended: 'neutral',
  cancelled: 'neutral',
} as const satisfies Record<StaffReservation['state'], Tone>;

async function StateBadges({ row: { state, missingCards } }: { row: StaffReservation }) {
  const t = await getTranslations('ops');
  return (
    <span className="inline-flex gap-1">
      <Badge tone={TONES[state]}>{t(`reservations.state.${state}`)}</Badge>
      {missingCards > 0 && <Badge tone="danger">{t('reservations.missing', { count: missingCards })}</Badge>}
    </span>
  );
}

/** The way to the cards that a running reservation has. */
async function OnMap({ row }: { row: StaffReservation }) {
  const t = await getTranslations('ops');
  if (row.state !== 'active') return null;
  return (
    <TextLink
      href={mapHref({ pool: row.poolId, show: [], holder: row.id, view: 'map' })}
      prefetch={false}
      aria-label={`${t('reservations.onMap')}: ${row.name}`}
      title={t('reservations.onMap')}
      className="inline-grid size-6 place-items-center pointer-coarse:size-11"
    >
      <LayoutGrid aria-hidden className="size-4" />
    </TextLink>
  );
}

/** Reservations with whose they are; running ones lead to their cards on the map. */
export async function StaffReservationsTable({
  rows,
  poolNames,
}: {
  rows: readonly StaffReservation[];
  poolNames: ReadonlyMap<string, string>;
}) {
  const t = await getTranslations('ops');
  const columns: Column<StaffReservation>[] = [
    {
      key: 'name',
      header: t('reservations.name'),
      cell: ({ id, name }) => (
        <span className="block min-w-40">
          <TextLink href={`/ops/reservations/${id}`} prefetch={false}>
            {name}
          </TextLink>
          <code className="block text-xs text-ink-3">{id}</code>
        </span>
      ),
    },
    { key: 'organisation', header: t('reservations.organisation'), cell: ({ organisationName }) => organisationName },
    { key: 'state', header: t('reservations.stateTitle'), cell: (row) => <StateBadges row={row} /> },
    { key: 'cards', header: t('reservations.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'pool',
      header: t('reservations.pool'),
      isWideOnly: true,
      className: 'whitespace-nowrap',
      cell: ({ poolId }) => poolNames.get(poolId) ?? poolId,
    },
    {
      key: 'how',
      header: t('reservations.purchaseTitle'),
      className: 'whitespace-nowrap',
      isWideOnly: true,
      cell: ({ purchase, topology }) =>
        `${t(`reservations.purchase.${purchase}`)} · ${t(`reservations.topology.${topology}`)}`,
    },
    {
      key: 'start',
      header: t('reservations.start'),
      align: 'end',
      cell: ({ startAt }) => <InstantText at={startAt} />,
    },
    {
      key: 'end',
      header: t('reservations.end'),
      align: 'end',
      cell: ({ endAt, endedAt }) => {
        const at = endedAt ?? endAt;
        return at === null ? t('until.open') : <InstantText at={at} />;
      },
    },
    {
      key: 'map',
      header: <span className="sr-only">{t('table.actions')}</span>,
      align: 'end',
      cell: (row) => <OnMap row={row} />,
    },
  ];
  return (
    <DataTable
      label={t('reservations.title')}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={<EmptyState Icon={CalendarX2} title={t('reservations.empty')} text={t('reservations.emptyText')} />}
    />
  );
}
