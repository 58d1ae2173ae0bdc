import { ceilToHour, type Instant, later } from '#lib/core/instant.ts';
import { cardsStepOf } from '#lib/core/topology.ts';
import { earliestOnHours, type RoomHour, type RoomWish, startAtInstant } from './calendar.ts';
import type { Sooner } from './explanation.ts';

/** Another pool as its published table shows it. */
export type OtherPool = {
  readonly poolId: string;
  readonly cardsPerServer: number;
  readonly cardsPerSupernode: number;
  readonly hours: readonly RoomHour[];
};

/** How many other pools are named. */
const NAMED_MAX = 3;

/**
 * Other pools where a wish looks possible at its start, or sooner than here; the soonest first, then the lower id.
 * `wantedAt` and `soonestHereAt` null: as soon as it is decided, and no start known.
 */
export function otherPools(
  wish: Omit<RoomWish, 'cardsPerServer' | 'cardsPerSupernode'>,
  pools: readonly OtherPool[],
  { wantedAt, soonestHereAt, now }: { wantedAt: Instant | null; soonestHereAt: Instant | null; now: Instant },
): Sooner[] {
  const from = later(wantedAt ?? now, now);
  const found = pools.flatMap(({ poolId, cardsPerServer, cardsPerSupernode, hours }): Sooner[] => {
    const roomWish = { ...wish, cardsPerServer, cardsPerSupernode };
    if (wish.cards % cardsStepOf(wish.topology, roomWish) !== 0) return [];
    if (startAtInstant(hours, roomWish, from).isPossible)
      return [{ change: 'otherPool', value: poolId, startAt: from }];
    const startAt = earliestOnHours(hours, roomWish, ceilToHour(from))?.startAt ?? null;
    const isSooner = startAt !== null && (soonestHereAt === null || startAt < soonestHereAt);
    return isSooner ? [{ change: 'otherPool', value: poolId, startAt }] : [];
  });
  const byStart = (a: Sooner, b: Sooner): number => a.startAt - b.startAt || (`${a.value}` < `${b.value}` ? -1 : 1);
  return found.sort(byStart).slice(0, NAMED_MAX);
}
