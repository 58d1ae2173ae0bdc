import type { ReactNode } from 'react';
import { formatInstant } from '#components/format/instant.ts';
import { Money } from '#components/format/money-text.tsx';
import { CardHours, Count, Duration } from '#components/format/quantity-text.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { ReservationMoney } from '#lib/billing/reservation-money.ts';
import type { Instant } from '#lib/core/instant.ts';
import { SECOND_MS } from '#lib/core/instant.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { ReservationPage } from '#lib/reservations/detail.ts';

type Times = { readonly label: string; readonly seconds: number; readonly note: ReactNode };

/** The one span of time that matters in a reservation's state; null for one that never ran. */
async function timesOf({ reservation }: ReservationPage, now: Instant): Promise<Times | null> {
  const t = await getTranslations('reservations');
  const { state, interval, endedAt } = reservation;
  const { startAt, endAt } = interval;
  const seconds = (from: Instant, to: Instant): number => Math.floor((to - from) / SECOND_MS);
  switch (state) {
    case 'confirmed':
      return {
        label: t('stat.startsIn'),
        seconds: seconds(now, startAt),
        note: t('stat.from', { at: formatInstant(startAt) }),
      };
    case 'active':
      return endAt === null
        ? { label: t('stat.open'), seconds: seconds(startAt, now), note: t('stat.openNote') }
        : { label: t('stat.left'), seconds: seconds(now, endAt), note: t('stat.until', { at: formatInstant(endAt) }) };
    case 'ended':
      return endedAt === null
        ? null
        : {
            label: t('stat.ran'),
            seconds: seconds(startAt, endedAt),
            note: t('stat.until', { at: formatInstant(endedAt) }),
          };
    case 'cancelled':
      return null;
  }
}

/** A reservation in four figures: cards, time, money, use. */
export async function Stats({
  now,
  found,
  money,
}: {
  now: Instant;
  found: ReservationPage;
  money: ReservationMoney | null;
}) {
  const t = await getTranslations('reservations');
  const { reservation, counts } = found;
  const times = await timesOf(found, now);
  return (
    <StatRow>
      <Stat
        label={t('stat.cards')}
        value={<Count count={reservation.cards} />}
        note={
          counts.held > 0
            ? t('stat.servers', { count: counts.servers, supernodes: counts.supernodes })
            : reservation.state === 'confirmed'
              ? t('stat.bindLater')
              : undefined
        }
      />
      {times && <Stat label={times.label} value={<Duration seconds={times.seconds} />} note={times.note} />}
      {money && (
        <Stat
          label={t('stat.charged')}
          value={<Money units={money.hold.chargedUnits} />}
          note={t('stat.chargedNote')}
        />
      )}
      {money && (
        <Stat label={t('stat.used')} value={<CardHours seconds={money.seconds.used} />} note={t('stat.usedNote')} />
      )}
    </StatRow>
  );
}
