import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { changeEventText, isChangeEvent } from '#components/reservations/change-event-text.ts';
import { shortPath } from '#components/reservations/quantities.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationPage } from '#lib/reservations/detail.ts';

type Event = ReservationPage['events']['rows'][number];
type Texts = {
  readonly t: Awaited<ReturnType<typeof getTranslations<'reservations'>>>;
  readonly changes: Awaited<ReturnType<typeof getTranslations<'changes'>>>;
};

/** An event in words. `places` says where the cards stand that events name by id. */
export function eventText({ t, changes }: Texts, { kind, data }: Event, places: ReservationPage['places']): string {
  if (isChangeEvent(kind)) return changeEventText(changes, kind, data);
  const count = (name: string): number => (typeof data[name] === 'number' ? data[name] : 0);
  const at = (name: string): string => formatInstant(instant(count(name)));
  const amountUnits = formatUnits(units(BigInt(data['amountUnits'] ?? 0)));
  const card = (name: string): string => {
    const id = `${data[name] ?? ''}`;
    const place = places.get(id);
    return place ? t('cards.slot', { path: shortPath(place.path), slot: place.slot }) : id;
  };
  switch (kind) {
    case 'reserved':
      return t('events.reserved', { cards: count('cards'), amountUnits });
    case 'cardsBound':
      return t('events.cardsBound', { cards: count('cards') });
    case 'cardsMissing':
      return t('events.cardsMissing', { cards: count('cards') });
    case 'extended':
      return t('events.extended', { endAt: at('endAt'), amountUnits });
    case 'holdRenewed':
      return t('events.holdRenewed', { heldUntil: at('heldUntil'), amountUnits });
    case 'graceGiven':
      return t('events.graceGiven', { from: at('from'), endAt: at('endAt'), amountUnits });
    case 'graceOver':
      return t('events.graceOver', { heldUntil: at('heldUntil'), amountUnits });
    case 'endingForFunds':
      return t('events.endingForFunds', { endAt: at('endAt') });
    case 'endingForLimit':
      return t(`events.endingForLimit.${data['of'] === 'project' ? 'project' : 'organisation'}`, {
        endAt: at('endAt'),
        limitUnits: formatUnits(units(BigInt(data['limitUnits'] ?? 0))),
        committedUnits: formatUnits(units(BigInt(data['committedUnits'] ?? 0))),
      });
    case 'cardLost':
      return t('events.cardLost', { card: card('card') });
    case 'cardReplaced':
      return t('events.cardReplaced', { lost: card('lost'), card: card('card') });
    case 'maintenanceAhead':
      return t(`events.maintenanceAhead.${data['handling'] === 'move' ? 'move' : 'wait'}`, {
        cards: count('cards'),
        fromAt: at('fromAt'),
      });
    case 'maintenanceCalledOff':
      return t('events.maintenanceCalledOff', { fromAt: at('fromAt') });
    case 'cardMoved':
      return t('events.cardMoved', { from: card('from'), card: card('card') });
    case 'askedToLeave':
      return t('events.askedToLeave', { endAt: at('endAt') });
    case 'started':
    case 'jobDone':
    case 'released':
    case 'cancelled':
    case 'ended':
    case 'stoppedForFunds':
      return t(`events.${kind}`);
  }
}
