import { HOUR_MS, type Instant } from '#lib/core/instant.ts';

const HOUR_S = HOUR_MS / 1_000;

/** The moves that a button offers, as the action reads them. */
export const HOUR_MOVES = [
  { key: 'h1', move: 'by:1' },
  { key: 'h6', move: 'by:6' },
  { key: 'd1', move: 'by:24' },
] as const;
export const RATE_MOVES = [
  { key: 'r60', move: 'rate:60' },
  { key: 'r600', move: 'rate:600' },
  { key: 'r3600', move: `rate:${HOUR_S}` },
] as const;
export const STOP_MOVE = 'rate:0';

/** The move to an instant. */
export function moveTo(at: Instant): string {
  return `to:${at}`;
}
