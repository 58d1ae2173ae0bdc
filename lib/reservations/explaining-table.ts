import type { Instant } from '#lib/core/instant.ts';
import { lastThat } from '#lib/core/last-that.ts';
import { earliestOnHours, type RoomHour, type RoomWish, startAtInstant } from './calendar.ts';
import { LOOSER } from '#lib/core/topology.ts';
import {
  dominantOf,
  type Explanation,
  fragmentedOver,
  NOTHING_BLOCKED,
  type Sooner,
  type Token,
} from './explanation.ts';

/**
 * Why a wish looks impossible at a start, from the published table alone, and what looks possible; null when it looks
 * possible. A hint before anything is asked of the plan: hours count as a whole, and only the decision is certain.
 */
export function explainTable(
  hours: readonly RoomHour[],
  wish: RoomWish,
  startAt: Instant,
  shorterSeconds: readonly number[],
): Explanation | null {
  const at = (change: Partial<RoomWish>) => startAtInstant(hours, { ...wish, ...change }, startAt);
  const own = at({});
  if (own.isPossible) return null;
  const freeCards = at({ topology: 'any', segmentCards: null }).freeCards;
  const largestOnServer = at({ topology: 'same-server', segmentCards: null }).freeCards;
  const largestOnSupernode = at({ topology: 'same-supernode', segmentCards: null }).freeCards;
  const idleServers = at({ topology: 'whole-servers', segmentCards: null }).freeCards / wish.cardsPerServer;
  const idleSupernodes = at({ topology: 'whole-supernodes', segmentCards: null }).freeCards / wish.cardsPerSupernode;
  const shorter = lastThat(shorterSeconds, (durationSeconds) => at({ durationSeconds }).isPossible);
  const holding: Token[] = [];
  if (freeCards < wish.cards) holding.push('capacityExhausted');
  else holding.push(fragmentedOver(wish.topology));
  if (shorter !== null) holding.push('tooLongForGap');
  const looser = LOOSER[wish.topology].find((topology) => at({ topology }).isPossible);
  const sooner: Sooner[] = [
    ...(looser ? [{ change: 'looserTopology', value: looser, startAt } as const] : []),
    ...(own.freeCards > 0 ? [{ change: 'fewerCards', value: own.freeCards, startAt } as const] : []),
    ...(shorter !== null ? [{ change: 'shorter', value: shorter, startAt } as const] : []),
  ];
  return {
    token: dominantOf(holding),
    needed: wish.cards,
    numbers: { freeCards, largestOnServer, largestOnSupernode, idleServers, idleSupernodes },
    free: null,
    blocked: NOTHING_BLOCKED,
    earliestStartAt: earliestOnHours(hours, wish, startAt)?.startAt ?? null,
    sooner,
  };
}
