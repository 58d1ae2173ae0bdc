import { HOUR_MS, type Instant, instant, MINUTE_MS } from '#lib/core/instant.ts';
import { parseShanghaiDate } from '#lib/core/period.ts';

/** A time as it is typed, `2026-12-02 12:00` in Beijing; null when it is not a time. */
export function parseBeijing(text: string): Instant | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})$/.exec(text.trim());
  const midnight = match ? parseShanghaiDate(match[1] ?? '') : null;
  const [hours, minutes] = [Number.parseInt(match?.[2] ?? '', 10), Number.parseInt(match?.[3] ?? '', 10)];
  if (midnight === null || hours > 23 || minutes > 59) return null;
  return instant(midnight + hours * HOUR_MS + minutes * MINUTE_MS);
}
