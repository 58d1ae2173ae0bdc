import fc from 'fast-check';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { overlaps } from '#lib/core/interval.ts';
import { cardsStepOf, TOPOLOGIES } from '#lib/core/topology.ts';
import { PoolState } from './pool-state.ts';
import type { PlacementRequest } from './types.ts';

// A small pool for property tests: what takes cards of it, and what is asked of it, in quarters of an hour from T0.

export const T0 = instant(Date.UTC(2026, 10, 1, 5));
export const SERVERS = 8;
export const SIZE = 4;
/** The cards of the larger supernodes. */
export const SUPERNODE_SIZE = 3 * SIZE;

export const at = (quarters: number): Instant => instant(T0 + quarters * (HOUR_MS / 4));

/** Two supernodes of three servers, each in a pod of its own, and one of two, four cards each. */
export function smallPool(): PoolState {
  const state = new PoolState({
    servers: Array.from({ length: SERVERS }, (_, server) => ({
      supernode: Math.floor(server / 3),
      pod: server < 3 ? 0 : 1,
    })),
    cardServers: Array.from({ length: SERVERS * SIZE }, (_, card) => Math.floor(card / SIZE)),
  });
  state.advanceTo(T0);
  return state;
}

export const interval = fc
  .record({
    isOnHour: fc.boolean(),
    start: fc.nat(24),
    length: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 12 }),
  })
  .map(({ isOnHour, start, length }): Interval => {
    const [first, step] = isOnHour ? [start - (start % 4), 4] : [start, 1];
    return { startAt: at(first), endAt: length === null ? null : at(first + length * step) };
  });

export const taken = fc.record({
  act: fc.constantFrom('promise', 'promise', 'bind', 'usable'),
  interval,
  server: fc.nat(SERVERS - 1),
  cards: fc.integer({ min: 1, max: SIZE }),
});
type Taken = typeof taken extends fc.Arbitrary<infer T> ? T : never;

/** Takes cards of the pool, as many as the server has left. */
export function take(state: PoolState, { act, interval: during, server, cards }: Taken, index: number): void {
  const free = [...state.cardsOf(server)].filter(
    (card) => state.isUsable[card] === 1 && state.bindingsOf(card).every((other) => !overlaps(other.interval, during)),
  );
  // Other cards each time, so that a server has several that are bound at different times.
  if (index % 2 === 1) free.reverse();
  if (act === 'usable') state.setUsable(server * SIZE + (cards % SIZE), false);
  else if (act === 'bind')
    state.bind(
      free.slice(0, cards).map((card) => ({ id: `b${index}-${card}`, promiseId: 'r', card, interval: during })),
    );
  else
    state.addPromise({
      id: `p${String(index).padStart(2, '0')}`,
      cards,
      topology: 'any',
      interval: during,
      shares: [{ server, cards }],
      isBound: false,
    });
}

export const request: fc.Arbitrary<PlacementRequest> = fc
  .record({
    cards: fc.integer({ min: 1, max: 16 }),
    topology: fc.constantFrom(...TOPOLOGIES),
    interval,
  })
  .map((wish) => {
    const step = cardsStepOf(wish.topology, { cardsPerServer: SIZE, cardsPerSupernode: SUPERNODE_SIZE });
    return { ...wish, cards: step * Math.ceil(wish.cards / step) };
  });
