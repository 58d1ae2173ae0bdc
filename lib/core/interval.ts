import { type Instant, earlier, floorToHour, HOUR_MS, instant, later } from './instant.ts';

/** Half-open `[startAt, endAt)`. `endAt` null means open: no end is known yet. */
export type Interval = { readonly startAt: Instant; readonly endAt: Instant | null };

/** Half-open `[startAt, endAt)` with a known end. */
export type ClosedInterval = { readonly startAt: Instant; readonly endAt: Instant };

/** An instant after every other, for comparing open ends. */
export const FOREVER = Number.MAX_SAFE_INTEGER as Instant;

/** The end as a number that compares, open ends last. */
export function endOf(interval: Interval): Instant {
  return interval.endAt ?? FOREVER;
}

/** True when both share at least one millisecond. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.startAt < endOf(b) && b.startAt < endOf(a);
}

/** The UTC clock hours that `[startAt, endAt)` touches, each cut to the interval. Units: instants. */
export function* splitByHour(interval: ClosedInterval): Generator<{ hourAt: Instant; part: ClosedInterval }> {
  for (let hourAt = floorToHour(interval.startAt); hourAt < interval.endAt; hourAt = instant(hourAt + HOUR_MS)) {
    const part = {
      startAt: later(interval.startAt, hourAt),
      endAt: earlier(interval.endAt, instant(hourAt + HOUR_MS)),
    };
    yield { hourAt, part };
  }
}
