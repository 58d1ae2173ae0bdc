import { InstantText } from '#components/format/instant-text.tsx';
import { cn } from '#components/ui/cn.ts';
import { Panel } from '#components/ui/panel.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationPage } from '#lib/reservations/detail.ts';
import type { EventKind } from '#lib/reservations/decision-types.ts';
import { eventText } from './event-text.ts';

/** The dots of events that somebody should notice. */
const LOOKS: Readonly<Partial<Record<EventKind, string>>> = {
  started: 'bg-accent',
  cardLost: 'bg-danger',
  cardsMissing: 'bg-warn',
  endingForFunds: 'bg-warn',
  endingForLimit: 'bg-warn',
  graceGiven: 'bg-warn',
  graceOver: 'bg-ok',
  stoppedForFunds: 'bg-danger',
  cardReplaced: 'bg-ok',
  cardMoved: 'bg-ok',
  maintenanceAhead: 'bg-warn',
  endsSoon: 'bg-warn',
  extensionBlockedAhead: 'bg-warn',
  autoExtendFailed: 'bg-warn',
};

/** What happened to a reservation, newest first, in sentences. */
export async function EventsPanel({ events, places }: Pick<ReservationPage, 'events' | 'places'>) {
  const t = await getTranslations('reservations');
  const texts = { t, changes: await getTranslations('changes') };
  const { rows, total } = events;
  return (
    <Panel title={t('events.title')}>
      <ol className="grid gap-0">
        {rows.map((event, i) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: events are appended at the other end and never change
            key={rows.length - i}
            className="relative grid grid-cols-[0.75rem_minmax(0,1fr)] gap-x-3 pb-3.5 last:pb-0"
          >
            <span aria-hidden className={cn('mt-2 size-2 rounded-full', LOOKS[event.kind] ?? 'bg-line-strong')} />
            {i < rows.length - 1 && (
              <span aria-hidden className="absolute top-4.5 bottom-0 left-[3.5px] w-px bg-line" />
            )}
            <div className="flex min-w-0 flex-wrap items-baseline justify-between gap-x-4 text-sm">
              <p className="min-w-0">{eventText(texts, event, places)}</p>
              <span className="text-xs text-ink-3">
                <InstantText at={event.at} hasSeconds />
              </span>
            </div>
          </li>
        ))}
      </ol>
      {total > rows.length && (
        <p className="mt-3 border-t border-line pt-3 text-xs text-ink-3">
          {t('events.more', { count: rows.length, total })}
        </p>
      )}
    </Panel>
  );
}
