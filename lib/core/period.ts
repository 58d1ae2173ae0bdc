import { DAY_MS, HOUR_MS, type Instant, instant } from './instant.ts';
import type { ClosedInterval } from './interval.ts';

/** A billing month in Asia/Shanghai, `2026-11`. */
export type Month = string & { readonly __unit: 'month' };

/** Shanghai has kept UTC+8 without daylight saving since 1991-09-15; Kashi bills nothing before that. */
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;

/** Reads `YYYY-MM`; null when it is not a month. */
export function parseMonth(text: string): Month | null {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? (text as Month) : null;
}

/** The Shanghai month that contains an instant. */
export function monthOf(at: Instant): Month {
  const date = new Date(at + SHANGHAI_OFFSET_MS);
  return `${date.getUTCFullYear()}-${String(date.getUTCMonth() + 1).padStart(2, '0')}` as Month;
}

/** The calendar date in Shanghai, `2026-11-21`. */
export function shanghaiDateOf(at: Instant): string {
  return new Date(at + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The hour of the day in Shanghai, 0 to 23. */
export function shanghaiHourOf(at: Instant): number {
  return Math.floor((at + SHANGHAI_OFFSET_MS) / HOUR_MS) % 24;
}

/** Midnight in Shanghai of a date `YYYY-MM-DD`; null when it is not a date of the calendar. */
export function parseShanghaiDate(text: string): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const epochMs = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(epochMs) || new Date(epochMs).toISOString().slice(0, 10) !== text) return null;
  return instant(epochMs - SHANGHAI_OFFSET_MS);
}

/** The half-open interval of a month: from its first midnight in Shanghai to the next month's. */
export function monthInterval(month: Month): ClosedInterval {
  const year = Number.parseInt(month.slice(0, 4), 10);
  const index = Number.parseInt(month.slice(5, 7), 10) - 1;
  return {
    startAt: instant(Date.UTC(year, index) - SHANGHAI_OFFSET_MS),
    endAt: instant(Date.UTC(year, index + 1) - SHANGHAI_OFFSET_MS),
  };
}

/** The month after. */
export function nextMonth(month: Month): Month {
  return monthOf(monthInterval(month).endAt);
}

/** The cutoff of a month's collecting window: the 2nd of the next month, 12:00 Beijing time. */
export function monthCutoffAt(month: Month): Instant {
  return instant(monthInterval(month).endAt + DAY_MS + 12 * HOUR_MS);
}
