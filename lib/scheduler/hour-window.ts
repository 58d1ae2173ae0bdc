import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import { endOf, type Interval } from '#lib/core/interval.ts';

export const DAY_HOURS = 24;
/** The days that are known hour by hour: what may be booked ahead, and the day in which the last booking ends. */
export const WINDOW_DAYS = 91;
export const WINDOW_HOURS = WINDOW_DAYS * DAY_HOURS;
/** A slot for each hour of the window, used again as time moves on, and one for everything after the window. */
export const SLOTS = WINDOW_HOURS + 1;
export const LATER_SLOT = WINDOW_HOURS;

/** Clock hours, counted from 1970, that an interval touches within the window: `[from, to)`, and if it goes on after. */
export type Hours = { readonly from: number; readonly to: number; readonly isLater: boolean };

/** What must be read to know of an interval: whole days where it has them, the other hours one by one. */
export type Reading = { readonly slots: readonly number[]; readonly days: readonly number[] };

/** The clock hour of an instant, counted from 1970. */
export function hourOf(at: Instant): number {
  return Math.floor(at / HOUR_MS);
}

/** The hours of the window from `baseHour` on that an interval touches, however short a while. */
export function hoursOf(interval: Interval, baseHour: number): Hours {
  const behind = baseHour + WINDOW_HOURS;
  const end = Math.ceil(endOf(interval) / HOUR_MS);
  const from = Math.min(behind, Math.max(baseHour, hourOf(interval.startAt)));
  return { from, to: Math.max(from, Math.min(behind, end)), isLater: end > behind };
}

/** The slot of an hour of the window. */
export function slotOf(hour: number): number {
  return hour % WINDOW_HOURS;
}

/** Runs `[first, behind)` of neighbouring slots. */
export type Runs = readonly (readonly [first: number, behind: number])[];

/** The slots of hours. */
export function runsOf({ from, to, isLater }: Hours): Runs {
  const runs: (readonly [number, number])[] = [];
  const first = slotOf(from);
  const behind = first + to - from;
  if (to > from) runs.push([first, Math.min(behind, WINDOW_HOURS)]);
  if (behind > WINDOW_HOURS) runs.push([0, behind - WINDOW_HOURS]);
  if (isLater) runs.push([LATER_SLOT, LATER_SLOT + 1]);
  return runs;
}

/** The slots and whole days of hours. A day's number is that of its first slot over {@link DAY_HOURS}. */
export function readingOf({ from, to, isLater }: Hours): Reading {
  const slots: number[] = [];
  const days: number[] = [];
  for (let hour = from; hour < to; ) {
    if (hour % DAY_HOURS === 0 && hour + DAY_HOURS <= to) {
      days.push(slotOf(hour) / DAY_HOURS);
      hour += DAY_HOURS;
    } else {
      slots.push(slotOf(hour));
      hour += 1;
    }
  }
  if (isLater) slots.push(LATER_SLOT);
  return { slots, days };
}

/** The least value of a row of slots over a reading. */
export function lowestOf(row: Int32Array, { slots, days }: Reading): number {
  let lowest = Number.MAX_SAFE_INTEGER;
  for (const slot of slots) lowest = Math.min(lowest, row[slot] ?? 0);
  for (const day of days) {
    for (let slot = day * DAY_HOURS; slot < (day + 1) * DAY_HOURS; slot += 1) lowest = Math.min(lowest, row[slot] ?? 0);
  }
  return lowest;
}

/** The greatest value of a row of slots over a reading. */
export function highestOf(row: Int32Array, { slots, days }: Reading): number {
  let highest = 0;
  for (const slot of slots) highest = Math.max(highest, row[slot] ?? 0);
  for (const day of days) {
    for (let slot = day * DAY_HOURS; slot < (day + 1) * DAY_HOURS; slot += 1)
      highest = Math.max(highest, row[slot] ?? 0);
  }
  return highest;
}
