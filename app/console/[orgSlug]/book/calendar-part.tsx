import { ChevronLeft, ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { bookingHref, WEEKS_MAX } from '#components/booking/booking-query.ts';
import { DAYS, HOURS, timeOf, weekOf } from '#components/booking/week.ts';
import { type CalendarCell, WeekCalendar } from '#components/booking/week-calendar.tsx';
import { formatFactor } from '#components/format/factor.ts';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { bandBpsAt } from '#lib/catalog/price.ts';
import { ceilToHour, DAY_MS, type Instant, plusMs } from '#lib/core/instant.ts';
import { units, WHOLE_BPS } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import {
  cheapestOf,
  costsOnHours,
  type StartOption,
  startAtInstant,
  startsOnHours,
} from '#lib/reservations/calendar.ts';
import { type BookingState, earliestStart, roomWishOf, startHref } from './booking-state.ts';

type Room = NonNullable<BookingState['availability']>;

/** What each hour of the week offers, as the calendar shows it. */
async function cellsOf(state: BookingState, room: Room): Promise<(hourAt: Instant) => CalendarCell> {
  const { query, sku, wish, now } = state;
  const t = await getTranslations('booking');
  const roomWish = roomWishOf(state);
  const seconds = wish.term === null ? roomWish.durationSeconds : null;
  const costOf = (hourAt: Instant): string | null =>
    seconds === null
      ? null
      : formatUnits(units((costsOnHours(sku.price, hourAt, 1, seconds)[0] ?? 0n) * BigInt(roomWish.cards)));
  return (hourAt) => {
    const time = timeOf(hourAt, now);
    const option: StartOption = startAtInstant(room.hours, roomWish, time === 'now' ? now : hourAt);
    const last = room.hours.at(-1)?.hourAt ?? now;
    if (time === 'past' || hourAt > last)
      return { freeCards: null, href: null, label: '', isChosen: false, isCheaper: false };
    const at = time === 'now' ? t('calendar.now') : formatInstant(hourAt);
    const price = costOf(hourAt);
    const cards = option.freeCards;
    return {
      freeCards: cards,
      href: option.isPossible ? startHref(state, time === 'now' ? null : hourAt) : null,
      label: price === null ? t('calendar.cell', { at, cards }) : t('calendar.cellPriced', { at, cards, price }),
      isChosen: time === 'now' ? query.when === 'now' : query.when === 'later' && wish.startAt === hourAt,
      isCheaper: wish.term === null && bandBpsAt(sku.price, hourAt) < Number(WHOLE_BPS),
    };
  };
}

/** The earliest start there is, and the cheapest of the week in sight. */
async function Suggestions({ state, room, from }: { state: BookingState; room: Room; from: Instant }) {
  const t = await getTranslations('booking');
  const roomWish = roomWishOf(state);
  const next = ceilToHour(state.now);
  const earliest = earliestStart(state);
  const isBanded = state.wish.term === null && roomWish.durationSeconds !== null && state.sku.price.bands.length > 0;
  const starts = isBanded ? startsOnHours(room.hours, roomWish, from > next ? from : next, DAYS * HOURS) : [];
  const first = starts[0];
  const cheapest = first
    ? cheapestOf(starts, costsOnHours(state.sku.price, first.startAt, starts.length, roomWish.durationSeconds ?? 0))
    : null;
  return (
    <p className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {earliest !== null ? (
        <TextLink href={startHref(state, earliest)} replace scroll={false} prefetch={false}>
          {t('calendar.earliest', { at: formatInstant(earliest) })}
        </TextLink>
      ) : (
        <span className="text-ink-2">{t('calendar.earliestNone')}</span>
      )}
      {cheapest && (
        <TextLink href={startHref(state, cheapest.startAt)} replace scroll={false} prefetch={false}>
          {t('calendar.cheapest', { at: formatInstant(cheapest.startAt) })}
        </TextLink>
      )}
    </p>
  );
}

async function Legend({ state }: { state: BookingState }) {
  const t = await getTranslations('booking');
  const band = state.wish.term === null ? state.sku.price.bands.find(({ factorBps }) => factorBps < 10_000) : undefined;
  const items = [
    { look: 'bg-sunken', text: t('calendar.possible') },
    { look: 'hatched', text: t('calendar.full') },
    ...(band
      ? [{ look: 'bg-sunken cheaper', text: t('calendar.cheaper', { factor: formatFactor(band.factorBps) }) }]
      : []),
    { look: 'bg-accent', text: t('calendar.chosen') },
  ];
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {items.map(({ look, text }) => (
        <li key={text} className="flex items-center gap-1.5">
          <span aria-hidden className={`size-3.5 rounded-sm border border-line ${look}`} />
          {text}
        </li>
      ))}
    </ul>
  );
}

/** To the weeks before and after, without leaving the place on the page. */
async function WeekSteps({ state, index }: { state: BookingState; index: number }) {
  const t = await getTranslations('booking');
  const steps = [
    { to: index - 1, label: t('calendar.previous'), Icon: ChevronLeft },
    { to: index + 1, label: t('calendar.next'), Icon: ChevronRight },
  ];
  return (
    <nav aria-label={t('calendar.title')} className="flex gap-1">
      {steps.map(({ to, label, Icon }) =>
        to < 0 || to >= WEEKS_MAX ? (
          <span key={to} aria-disabled className={buttonClass({ size: 'icon' })}>
            <Icon aria-hidden />
          </span>
        ) : (
          <Link
            key={to}
            href={bookingHref(state.orgSlug, { ...state.query, week: `${to}` })}
            replace
            scroll={false}
            prefetch={false}
            aria-label={label}
            title={label}
            className={buttonClass({ size: 'icon' })}
          >
            <Icon aria-hidden />
          </Link>
        ),
      )}
    </nav>
  );
}

/** The calendar of the chosen pool for what is wished, with what it suggests. */
export async function CalendarPart({ state }: { state: BookingState }) {
  const t = await getTranslations('booking');
  const { availability, query, now } = state;
  if (!availability) return <Alert>{t('calendar.missing')}</Alert>;
  const week = weekOf(query, now);
  const today = plusMs(week.startAt, -week.index * DAYS * DAY_MS);
  return (
    <section aria-label={t('calendar.title')} className="grid min-w-0 gap-3">
      <p className="text-xs text-ink-2">{t(query.topology === 'any' ? 'calendar.lead' : 'calendar.leadTopology')}</p>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Suggestions state={state} room={availability} from={week.startAt} />
        <WeekSteps state={state} index={week.index} />
      </div>
      <WeekCalendar week={week} today={today} cellAt={await cellsOf(state, availability)} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <Legend state={state} />
        <p className="num text-xs text-ink-3">
          {t('calendar.published', { at: formatInstant(availability.publishedAt, 'seconds') })}
        </p>
      </div>
    </section>
  );
}
