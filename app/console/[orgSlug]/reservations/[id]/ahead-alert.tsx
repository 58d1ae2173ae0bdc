import { bookingHref, dayAndHour } from '#components/booking/booking-query.ts';
import { formatInstant } from '#components/format/instant.ts';
import { Alert } from '#components/ui/alert.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { HOUR_MS, ceilToHour, instant } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationPage } from '#lib/reservations/detail.ts';

type Event = ReservationPage['events']['rows'][number];

/** The newest warning that still holds: of the present end, and of a reservation that runs. */
export function aheadOf({ reservation, events }: ReservationPage): Event | null {
  if (reservation.state !== 'active') return null;
  const warning = events.rows.find(({ kind }) => kind === 'extensionBlockedAhead');
  return warning?.data['endAt'] === reservation.interval.endAt ? warning : null;
}

/** What follows the end is taken: how far an extension goes, and what else there is. */
export async function AheadAlert({
  orgSlug,
  found,
  warning,
}: {
  orgSlug: string;
  found: ReservationPage;
  warning: Event;
}) {
  const t = await getTranslations('changes');
  const { id, cards, topology, poolId, purchase } = found.reservation;
  const at = (name: string): number => Number(warning.data[name] ?? 0);
  const [endAt, untilAt] = [instant(at('endAt')), instant(at('untilAt'))];
  const hours = Math.floor((untilAt - endAt) / HOUR_MS);
  const followOnAt = warning.data['followOnAt'] === null ? null : instant(at('followOnAt'));
  const freeCards = Math.min(at('freeCards'), cards - 1);
  const bookFrom = (startAt: typeof endAt) =>
    ({ way: purchase, when: 'later', ...dayAndHour(ceilToHour(startAt)) }) as const;
  const times = { endAt: formatInstant(endAt), untilAt: formatInstant(untilAt) };
  return (
    <Alert kind="warn" title={t('ahead.title')}>
      <p>{untilAt > endAt ? t('ahead.until', times) : t('ahead.none', times)}</p>
      <p className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
        {hours >= 1 && (
          <TextLink href={`/console/${orgSlug}/reservations/${id}/extend?hours=${hours}`}>{t('ahead.extend')}</TextLink>
        )}
        {followOnAt !== null && (
          <TextLink href={bookingHref(orgSlug, { pool: poolId, cards: `${cards}`, topology, ...bookFrom(followOnAt) })}>
            {t('ahead.followOn', { cards, at: formatInstant(followOnAt) })}
          </TextLink>
        )}
        {freeCards > 0 && (
          <TextLink href={bookingHref(orgSlug, { pool: poolId, cards: `${freeCards}`, ...bookFrom(endAt) })}>
            {t('ahead.smaller', { cards: freeCards })}
          </TextLink>
        )}
        <TextLink href={bookingHref(orgSlug, { cards: `${cards}`, topology, ...bookFrom(endAt) })}>
          {t('ahead.otherPools')}
        </TextLink>
      </p>
    </Alert>
  );
}
