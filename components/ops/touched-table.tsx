import { getTranslations } from '#lib/i18n/server.ts';
import type { TouchedReservation } from '#lib/inventory/view-types.ts';
import { InstantText } from '../format/instant-text.tsx';
import { Count } from '../format/quantity-text.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { Badge } from '../ui/badge.tsx';

const TONES = { running: 'active', bound: 'active', planned: 'warn' } as const;

/** The reservations that an act on cards would touch, and how. */
export async function TouchedTable({ touched }: { touched: readonly TouchedReservation[] }) {
  const [t, l] = [await getTranslations('ops'), await getTranslations('lifecycle')];
  const columns: Column<TouchedReservation>[] = [
    { key: 'name', header: t('card.reservation'), cell: ({ name }) => <span className="font-medium">{name}</span> },
    { key: 'organisation', header: t('card.organisation'), cell: ({ organisationName }) => organisationName },
    { key: 'cards', header: l('cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'effect',
      header: l('effect'),
      cell: ({ touch }) => <Badge tone={TONES[touch]}>{l(`touch.${touch}`)}</Badge>,
    },
    { key: 'start', header: l('start'), isWideOnly: true, cell: ({ startAt }) => <InstantText at={startAt} /> },
    {
      key: 'end',
      header: l('end'),
      isWideOnly: true,
      cell: ({ endAt }) => (endAt === null ? t('until.open') : <InstantText at={endAt} />),
    },
  ];
  return (
    <DataTable
      label={l('touched')}
      columns={columns}
      rows={touched}
      rowKey={({ reservationId, touch }) => `${reservationId}-${touch}`}
      empty={null}
    />
  );
}
