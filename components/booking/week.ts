import { DAY_MS, floorToHour, HOUR_MS, type Instant, instant, plusMs } from '#lib/core/instant.ts';
import { parseShanghaiDate, shanghaiDateOf } from '#lib/core/period.ts';
import { present } from '#lib/core/assert.ts';
import { type BookingQuery, startOf, WEEKS_MAX } from './booking-query.ts';

export const DAYS = 7;
export const HOURS = 24;

/** A week of the calendar: seven Beijing days, the first one today or a whole number of weeks later. */
export type Week = {
  readonly index: number;
  /** Beijing midnights. */
  readonly days: readonly Instant[];
  readonly startAt: Instant;
  readonly endAt: Instant;
};

function todayOf(now: Instant): Instant {
  return present(parseShanghaiDate(shanghaiDateOf(now)), 'a day of the calendar');
}

const within = (index: number): number => Math.min(Math.max(index, 0), WEEKS_MAX - 1);

/** The week that the page shows: the one asked for, else the one of the start. */
export function weekOf(query: Pick<BookingQuery, 'week' | 'when' | 'day' | 'hour'>, now: Instant): Week {
  const today = todayOf(now);
  const startAt = query.when === 'later' ? startOf(query) : null;
  const byStart = startAt === null ? 0 : Math.floor((startAt - today) / (DAYS * DAY_MS));
  const index = within(/^\d{1,2}$/.test(query.week) ? Number.parseInt(query.week, 10) : byStart);
  const days = Array.from({ length: DAYS }, (_, day) => plusMs(today, (index * DAYS + day) * DAY_MS));
  return { index, days, startAt: days[0] ?? today, endAt: plusMs(days[0] ?? today, DAYS * DAY_MS) };
}

/** The days that a start may lie on: today and all within the horizon. */
export function bookableDays(now: Instant, horizonDays: number): Instant[] {
  const today = todayOf(now);
  return Array.from({ length: horizonDays + 1 }, (_, day) => plusMs(today, day * DAY_MS));
}

/** The day of the week in Beijing, 0 for Sunday. */
export function weekdayOf(midnight: Instant): '0' | '1' | '2' | '3' | '4' | '5' | '6' {
  const day = new Date(instant(midnight + 8 * HOUR_MS)).getUTCDay();
  return (['0', '1', '2', '3', '4', '5', '6'] as const)[day] ?? '0';
}

/** Where an hour stands: gone, the one that runs, or to come. */
export function timeOf(hourAt: Instant, now: Instant): 'past' | 'now' | 'future' {
  const current = floorToHour(now);
  if (hourAt === current) return 'now';
  return hourAt < current ? 'past' : 'future';
}
