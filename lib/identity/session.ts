import { DAY_MS, HOUR_MS, type Instant, plusMs } from '#lib/core/instant.ts';

/** Absolute lives: nothing prolongs a session, signing in again makes a new one. */
const SESSION_LIFE_MS = { customer: 30 * DAY_MS, staff: 12 * HOUR_MS } as const;

/** The longest life of any session in seconds, for the cookie. */
export const SESSION_LIFE_SECONDS_MAX = SESSION_LIFE_MS.customer / 1_000;

/** When a session that begins now ends by itself. */
export function sessionEndOf(kind: 'customer' | 'staff', createdAt: Instant): Instant {
  return plusMs(createdAt, SESSION_LIFE_MS[kind]);
}

/** The part of a browser's name that people recognise, bounded; never parsed, only shown. */
export function shortUserAgent(header: string | null): string {
  return (header ?? '').replaceAll(/[^\x20-\x7e]/g, '').slice(0, 200);
}
