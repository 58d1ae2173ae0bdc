import { getTranslations } from '#lib/i18n/server.ts';
import type { TouchedReservation } from '#lib/inventory/view-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge } from '../ui/badge.tsx';

const TONES = { running: 'active', bound: 'active', planned: 'warn' } as const;

/** The reservations that taking cards out would touch, and how. */
export async function TouchedTable({ touched }: { touched: readonly TouchedReservation[] }) {
  const t = await getTranslations('ops');
  const columns: Column<TouchedReservation>[] = [
    { key: 'name', header: t('card.reservation'), cell: ({ name }) => <span className="font-medium">{name}</span> },
    { key: 'organisation', header: t('card.organisation'), cell: ({ organisationName }) => organisationName },
    { key: 'cards', header: t('cordon.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'effect',
      header: t('cordon.effect'),
      cell: ({ touch }) => <Badge tone={TONES[touch]}>{t(`cordon.touch.${touch}`)}</Badge>,
    },
    { key: 'start', header: t('cordon.start'), isWideOnly: true, cell: ({ startAt }) => <InstantText at={startAt} /> },
    {
      key: 'end',
      header: t('cordon.end'),
      isWideOnly: true,
      cell: ({ endAt }) => (endAt === null ? t('until.open') : <InstantText at={endAt} />),
    },
  ];
  return (
    <DataTable
      label={t('cordon.touched')}
      columns={columns}
      rows={touched}
      rowKey={({ reservationId, touch }) => `${reservationId}-${touch}`}
      empty={null}
    />
  );
}
