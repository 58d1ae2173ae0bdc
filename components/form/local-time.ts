import { type Instant, parseInstant } from '#lib/core/instant.ts';
import { formatInstant } from '../format/instant.ts';

/** An instant as the browser's field for a local time takes it, in Beijing: `2026-11-23T14:00`. */
export function toLocalField(at: Instant): string {
  return formatInstant(at).replace(' ', 'T');
}

/** Reads such a field as Beijing time; null when it is none. */
export function parseLocalField(text: string): Instant | null {
  return parseInstant(`${text.trim()}+08:00`);
}
