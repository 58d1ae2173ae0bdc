import { Choices, QuickValues } from '#components/booking/choice.tsx';
import { bookableDays, HOURS, weekdayOf } from '#components/booking/week.ts';
import { formatFactor } from '#components/format/factor.ts';
import { formatDate } from '#components/format/instant.ts';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { HORIZON_DAYS } from '#lib/catalog/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { BookingState } from './booking-state.ts';
import { CalendarPart } from './calendar-part.tsx';

const QUICK_HOURS = [1, 3, 8, 24, 72, 168];

async function StartField({ query, now }: BookingState) {
  const t = await getTranslations('booking');
  const days = bookableDays(now, HORIZON_DAYS).map((day) => ({
    value: formatDate(day),
    label: `${formatDate(day)} ${t(`calendar.weekdays.${weekdayOf(day)}`)}`,
  }));
  // A day that is not offered was typed into the address; it stays, and is refused in words.
  if (!days.some(({ value }) => value === query.day)) days.unshift({ value: query.day, label: query.day });
  const hours = Array.from({ length: HOURS }, (_, hour) => ({
    value: `${hour}`,
    label: `${`${hour}`.padStart(2, '0')}:00`,
  }));
  return (
    <div>
      <p className="mb-1 text-sm font-medium" aria-hidden>
        {t('when.start')}
      </p>
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <Segmented
          name="when"
          label={t('when.start')}
          options={(['now', 'later'] as const).map((value) => ({ value, label: t(`when.starts.${value}`) }))}
          defaultValue={query.when}
        />
        {query.when === 'later' && (
          <>
            <Select name="day" aria-label={t('when.day')} defaultValue={query.day} options={days} className="w-44" />
            <Select
              name="hour"
              aria-label={t('when.hour')}
              defaultValue={query.hour}
              options={hours}
              className="w-26"
            />
          </>
        )}
      </div>
    </div>
  );
}

async function HoursField({ query }: BookingState) {
  const t = await getTranslations('booking');
  return (
    <div>
      <p className="mb-1 text-sm font-medium" aria-hidden>
        {t('when.length')}
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Segmented
          name="end"
          label={t('when.length')}
          options={(['fixed', 'open'] as const).map((value) => ({ value, label: t(`when.ends.${value}`) }))}
          defaultValue={query.end}
        />
        {query.end === 'fixed' && (
          <span className="flex flex-wrap items-center gap-2">
            <Input
              name="hours"
              aria-label={t('when.hours')}
              inputMode="numeric"
              autoComplete="off"
              defaultValue={query.hours}
              className="num w-20"
            />
            <QuickValues
              name="hours"
              label={t('when.hoursQuick')}
              chosen={query.hours}
              values={QUICK_HOURS.map((hours) => ({ value: `${hours}`, label: `${hours}` }))}
            />
          </span>
        )}
      </div>
      {query.end === 'open' && <p className="mt-1 text-xs text-ink-2">{t('when.openHint')}</p>}
    </div>
  );
}

async function TermField({ query, sku }: BookingState) {
  const t = await getTranslations('booking');
  const choices = sku.price.terms.map(({ term, factorBps }) => ({
    value: term,
    label: t(`when.terms.${term}`),
    hint: t('when.termFactor', { factor: formatFactor(factorBps) }),
  }));
  return (
    <Choices name="term" label={t('when.term')} choices={choices} chosen={query.term} className="sm:grid-cols-3" />
  );
}

/** When it starts and how long it lasts, with the calendar of free cards. */
export async function WhenPanel({ state }: { state: BookingState }) {
  const t = await getTranslations('booking');
  return (
    <Panel title={t('when.title')}>
      <div className="grid gap-5">
        {state.query.way === 'by-card' ? <TermField {...state} /> : <HoursField {...state} />}
        <StartField {...state} />
        <CalendarPart state={state} />
      </div>
    </Panel>
  );
}
