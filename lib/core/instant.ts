import { invariant } from './assert.ts';

/** A point on the UTC line in whole milliseconds since 1970. Zones appear only in formatting. */
export type Instant = number & { readonly __unit: 'instant' };

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Reads whole milliseconds since 1970 as an instant. Throws on fractions, NaN and out-of-range values. */
export function instant(epochMs: number): Instant {
  invariant(Number.isSafeInteger(epochMs), `${epochMs} is not an instant`);
  return epochMs as Instant;
}

/** Reads an ISO 8601 text that names its zone; null when it is not one. */
export function parseInstant(text: string): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const epochMs = Date.parse(text);
  return Number.isSafeInteger(epochMs) ? (epochMs as Instant) : null;
}

/** `2026-11-21T06:00:00.000Z`. */
export function toIso(at: Instant): string {
  return new Date(at).toISOString();
}

/** The database's value of an instant, and back. */
export function toDate(at: Instant): Date {
  return new Date(at);
}

/** The instant of a `Date`, as the database driver hands them out. */
export function fromDate(date: Date): Instant {
  return instant(date.getTime());
}

/** Adds whole milliseconds. */
export function plusMs(at: Instant, ms: number): Instant {
  return instant(at + ms);
}

/** Adds whole seconds. */
export function plusSeconds(at: Instant, seconds: number): Instant {
  return instant(at + seconds * SECOND_MS);
}

/** The start of the second that contains `at`. Everything that is held or charged begins and ends on one. */
export function floorToSecond(at: Instant): Instant {
  return instant(Math.floor(at / SECOND_MS) * SECOND_MS);
}

/** The start of the UTC clock hour that contains `at`. */
export function floorToHour(at: Instant): Instant {
  return instant(Math.floor(at / HOUR_MS) * HOUR_MS);
}

/** The first UTC clock hour at or after `at`. */
export function ceilToHour(at: Instant): Instant {
  return instant(Math.ceil(at / HOUR_MS) * HOUR_MS);
}

/** True when `at` is exactly a UTC clock hour. */
export function isOnHour(at: Instant): boolean {
  return at % HOUR_MS === 0;
}

/** Whole seconds from `from` to `to`; both lie on a second. */
export function secondsBetween(from: Instant, to: Instant): number {
  const seconds = (to - from) / SECOND_MS;
  // The message is made only when it is needed: a price asks this for every hour of a booking.
  if (!Number.isInteger(seconds)) invariant(false, `${toIso(from)} to ${toIso(to)} is not whole seconds`);
  return seconds;
}

/** The earlier of two instants. */
export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

/** The later of two instants. */
export function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
