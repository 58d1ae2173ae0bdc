import { present } from '#lib/core/assert.ts';
import { type Interval, overlaps } from '#lib/core/interval.ts';
import { type Arrangement, keptWhole, LAYOUTS, type Level } from '#lib/core/topology.ts';
import { freeOnServer, unboundCards } from './free.ts';
import { isOvercommitted } from './make-room.ts';
import { place } from './place.ts';
import type { PoolState } from './pool-state.ts';
import type { PlannedPromise, Share } from './types.ts';

/** The cards for shares, lowest ordinals first; null when a server lacks some. */
export function cardsFor(state: PoolState, shares: readonly Share[], interval: Interval): number[] | null {
  const chosen: number[] = [];
  for (const share of shares) {
    const cards = unboundCards(state, share.server, interval).slice(0, share.cards);
    if (cards.length < share.cards) return null;
    chosen.push(...cards);
  }
  return chosen;
}

/**
 * The cards that a promise is bound to: those of its plan; if cards have failed there since, another placement of the
 * whole; if there is none, as many of the plan's as there are. A gang is never refused at its start for one card.
 */
export function bindingCards(
  state: PoolState,
  promise: PlannedPromise,
): { readonly cards: number[]; readonly missing: number } {
  const planned = cardsFor(state, promise.shares, promise.interval);
  if (planned) return { cards: planned, missing: 0 };
  const putBack = state.lift(promise.id);
  try {
    const shares = place(state, promise, true);
    const elsewhere = shares && cardsFor(state, shares, promise.interval);
    if (elsewhere) return { cards: elsewhere, missing: 0 };
    const some = promise.shares.flatMap((share) => {
      const room = Math.min(share.cards, freeOnServer(state, share.server, promise.interval, true));
      return unboundCards(state, share.server, promise.interval).slice(0, room);
    });
    return { cards: some, missing: promise.cards - some.length };
  } finally {
    putBack();
  }
}

/** How far a replacement may lie from the failed card, nearest first; what was bought within one level stays there. */
const REACH = { server: 1, supernode: 2, pool: 4 } as const satisfies Record<Level, number>;

/** How far one card lies from another, nearest first: the same server, supernode, pod, or only the pool. */
export function distanceOf(state: PoolState, from: number, to: number): number {
  const [home, server] = [state.cardServer[from] ?? 0, state.cardServer[to] ?? 0];
  if (server === home) return 1;
  if (state.serverSupernode[server] === state.serverSupernode[home]) return 2;
  return state.serverPod[server] === state.serverPod[home] ? 3 : 4;
}

/** How far a single card of a promise may be moved while it works: what was bought whole, or in segments, is not taken apart for it. */
const reachOfMove = (promise: Arrangement): number => REACH[keptWhole(promise) ?? LAYOUTS[promise.topology].within];

/** How far another card may lie from one that failed: better in pieces than short of a card. */
const reachOfReplacement = ({ topology }: Arrangement): number => REACH[LAYOUTS[topology].within];

/** What is looked for on one server: so many cards, at most so far from a card; not on its own server where that is `away`. */
type Wanted = { readonly count: number; readonly reach: number; readonly isAway: boolean };
type Found = { readonly cards: readonly number[]; readonly distance: number; readonly free: number };

/** The cards of the nearest server that has them free throughout an interval, of the tightest of several; null when none has. */
function nearestCards(
  state: PoolState,
  from: number,
  interval: Interval,
  { count, reach, isAway }: Wanted,
): Found | null {
  let best: Found | null = null;
  for (let server = 0; server < state.serverCount; server += 1) {
    if (isAway && server === state.cardServer[from]) continue;
    const distance = distanceOf(state, from, state.serverFirstCard[server] ?? 0);
    if (distance > reach || (best && distance > best.distance)) continue;
    const free = freeOnServer(state, server, interval, true);
    if (free < count || (best && distance === best.distance && free >= best.free)) continue;
    const cards = unboundCards(state, server, interval).slice(0, count);
    if (cards.length === count) best = { cards, distance, free };
  }
  return best;
}

/**
 * A card to take the place of a failed one: on the same server, else the same supernode, the same pod, anywhere; within
 * a distance the tightest server, and a spare only where nothing else is free. Null when nothing within the reach of the
 * promise's topology is free. `spares` are cards that are kept from sale for this, those that work; `reach` is how far it may lie.
 */
export function replacementCard(
  state: PoolState,
  promise: PlannedPromise,
  failedCard: number,
  interval: Interval,
  { spares = [], reach = reachOfReplacement(promise) }: { spares?: Iterable<number>; reach?: number } = {},
): number | null {
  let best = nearestCards(state, failedCard, interval, { count: 1, reach, isAway: false });
  for (const card of spares) {
    const distance = distanceOf(state, failedCard, card);
    if (distance > reach || (best && distance >= best.distance)) continue;
    const isTaken = state.bindingsOf(card).some((binding) => overlaps(binding.interval, interval));
    if (!isTaken) best = { cards: [card], distance, free: 0 };
  }
  return best?.cards[0] ?? null;
}

/** Everything that a promise has on the server of a card, and as many cards of another server. */
function serverMoves(
  state: PoolState,
  { id }: PlannedPromise,
  card: number,
  interval: Interval,
): ReadonlyMap<number, number> | null {
  const own = state
    .bindingsOfPromise(id)
    .filter((bound) => state.cardServer[bound.card] === state.cardServer[card] && overlaps(bound.interval, interval))
    .map((bound) => bound.card)
    .sort((a, b) => a - b);
  const found = nearestCards(state, card, interval, { count: own.length, reach: REACH.pool, isAway: true });
  return found && new Map(own.map((each, i) => [each, present(found.cards[i], 'a card for each')]));
}

/**
 * Where a card goes that works and is to be emptied, by the card that moves: the card alone where that keeps what was bought,
 * as near as may be; else, of what was bought on one server or as whole ones, everything on the server together, to another
 * server. Null when there is no room, or nothing smaller than a supernode could go.
 */
export function holderMoves(
  state: PoolState,
  promise: PlannedPromise,
  card: number,
  interval: Interval,
  spares: Iterable<number> = [],
): ReadonlyMap<number, number> | null {
  const near = replacementCard(state, promise, card, interval, { spares, reach: reachOfMove(promise) });
  if (near !== null) return new Map([[card, near]]);
  const together = keptWhole(promise) ?? LAYOUTS[promise.topology].within;
  return together === 'server' ? serverMoves(state, promise, card, interval) : null;
}

/**
 * Servers on which more is promised than there is, because cards failed or were cordoned: their promises must move. Only
 * those are looked at that the index has counted as too full since they were last found in order.
 */
export function overcommittedServers(state: PoolState): number[] {
  const { tooFull } = state.index;
  const found: number[] = [];
  for (const server of tooFull) {
    if (isOvercommitted(state, server)) found.push(server);
    else tooFull.delete(server);
  }
  return found.sort((a, b) => a - b);
}
