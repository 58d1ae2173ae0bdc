import { floorToSecond, type Instant } from '#lib/core/instant.ts';

/**
 * Newest first, and what happened in one second as it was decided: a start is told by the second, what was decided with it by
 * the millisecond.
 */
export function newestFirst(
  a: { readonly at: Instant; readonly id: bigint },
  b: { readonly at: Instant; readonly id: bigint },
): number {
  return floorToSecond(b.at) - floorToSecond(a.at) || (a.id < b.id ? 1 : -1);
}
