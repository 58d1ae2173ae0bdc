import { CalendarPlus } from 'lucide-react';
import { InstantText } from '#components/format/instant-text.tsx';
import { formatUnits } from '#components/format/money.ts';
import { Count } from '#components/format/quantity-text.tsx';
import { changeEventText, isChangeEvent } from '#components/reservations/change-event-text.ts';
import { ReservationBadge } from '#components/reservations/reservation-badge.tsx';
import { type Column, DataTable } from '#components/table/data-table.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { listLatestEvents } from '#lib/reservations/overview.ts';
import type { listReservations } from '#lib/reservations/service.ts';

type ReservationView = Awaited<ReturnType<typeof listReservations>>['rows'][number];
type LatestEvent = Awaited<ReturnType<typeof listLatestEvents>>[number];

async function columnsOf(base: string): Promise<Column<ReservationView>[]> {
  const t = await getTranslations('overview');
  return [
    {
      key: 'name',
      header: t('columns.name'),
      cell: ({ id, name }) => (
        <TextLink href={`${base}/reservations/${id}`} prefetch={false}>
          {name}
        </TextLink>
      ),
    },
    {
      key: 'state',
      header: t('columns.state'),
      cell: ({ state, missingCards }) => (
        <span className="flex flex-wrap gap-1">
          <ReservationBadge state={state} />
          {missingCards > 0 && <Badge tone="warn">{t('missing', { cards: missingCards })}</Badge>}
        </span>
      ),
    },
    { key: 'cards', header: t('columns.cards'), align: 'end', cell: ({ cards }) => <Count count={cards} /> },
    {
      key: 'start',
      header: t('columns.start'),
      isWideOnly: true,
      cell: ({ interval }) => <InstantText at={interval.startAt} />,
    },
    {
      key: 'end',
      header: t('columns.end'),
      cell: ({ interval }) => (interval.endAt === null ? t('openEnd') : <InstantText at={interval.endAt} />),
    },
  ];
}

/** What runs and what is to come, the soonest first. */
export async function LiveReservations({ base, rows }: { base: string; rows: readonly ReservationView[] }) {
  const t = await getTranslations('overview');
  return (
    <Panel
      title={t('reservations')}
      actions={
        <TextLink href={`${base}/reservations`} prefetch={false} className="text-sm">
          {t('allReservations')}
        </TextLink>
      }
      isFlush
    >
      <DataTable
        label={t('reservations')}
        columns={await columnsOf(base)}
        rows={rows}
        rowKey={({ id }) => id}
        empty={<EmptyState Icon={CalendarPlus} title={t('none')} />}
      />
    </Panel>
  );
}

async function eventText({ kind, data }: LatestEvent): Promise<string> {
  const t = await getTranslations('overview');
  if (isChangeEvent(kind)) return changeEventText(await getTranslations('changes'), kind, data);
  const cards = Number(data['cards'] ?? 0);
  switch (kind) {
    case 'reserved':
      return t('event.reserved', { cards, amountUnits: formatUnits(units(BigInt(data['amountUnits'] ?? 0))) });
    case 'cardsBound':
      return t('event.cardsBound', { cards });
    default:
      return t(`event.${kind}`);
  }
}

/** What happened last, in words. */
export async function LatestEvents({ base, events }: { base: string; events: readonly LatestEvent[] }) {
  const t = await getTranslations('overview');
  const lines = await Promise.all(events.map(async (event) => ({ event, text: await eventText(event) })));
  return (
    <Panel title={t('events')}>
      {lines.length === 0 ? (
        <p className="text-sm text-ink-2">{t('noEvents')}</p>
      ) : (
        <ol className="grid gap-3">
          {lines.map(({ event, text }) => (
            <li key={`${event.reservationId}-${event.kind}-${event.at}`} className="min-w-0 text-sm">
              <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                <TextLink href={`${base}/reservations/${event.reservationId}`} prefetch={false}>
                  {event.name}
                </TextLink>
                <span className="text-xs text-ink-3">
                  <InstantText at={event.at} />
                </span>
              </span>
              <span className="block text-ink-2">{text}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
