import { HOUR_MS, type Instant, instant, toIso } from '#lib/core/instant.ts';

/** Kashi shows one zone, Beijing time: UTC+8 without daylight saving. */
const BEIJING_OFFSET_MS = 8 * HOUR_MS;

function beijing(at: Instant): string {
  return toIso(instant(at + BEIJING_OFFSET_MS)).replace('T', ' ');
}

/** `2026-11-21 14:00` in Beijing, with `seconds` `2026-11-21 14:00:05`. */
export function formatInstant(at: Instant, precision: 'minutes' | 'seconds' = 'minutes'): string {
  return beijing(at).slice(0, precision === 'seconds' ? 19 : 16);
}

/** `2026-11-21` in Beijing. */
export function formatDate(at: Instant): string {
  return beijing(at).slice(0, 10);
}

/** `14:00` in Beijing. */
export function formatTimeOfDay(at: Instant): string {
  return beijing(at).slice(11, 16);
}
