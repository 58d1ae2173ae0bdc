import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Gang, LAYOUTS } from '#lib/core/topology.ts';
import { earliestStart } from './earliest.ts';
import { freeOnServer } from './free.ts';
import { place } from './place.ts';
import type { PoolState } from './pool-state.ts';
import { at, interval, SERVERS, SIZE, SUPERNODE_SIZE, smallPool, T0, take, taken } from './testing-pool.ts';
import type { PlacementRequest, Share } from './types.ts';

const supernodeOf = (server: number): number => Math.floor(server / 3);
const sum = (counts: Iterable<number>): number => [...counts].reduce((a, b) => a + b, 0);

function busyPool(all: readonly (typeof taken extends fc.Arbitrary<infer T> ? T : never)[]): PoolState {
  const state = smallPool();
  all.forEach((each, index) => {
    take(state, each, index);
  });
  return state;
}

const freeOf = (state: PoolState, during: PlacementRequest['interval'], toBind: boolean): number[] =>
  Array.from({ length: SERVERS }, (_, server) => freeOnServer(state, server, during, toBind));

/** The most segments that servers hold, from what the words mean alone. */
function segmentsOf(free: readonly number[], cards: number, topology: 'same-server' | 'same-supernode'): number[] {
  return [0, 1, 2].map((supernode) => {
    const own = free.filter((_, server) => supernodeOf(server) === supernode);
    return topology === 'same-server' ? sum(own.map((room) => Math.floor(room / cards))) : Math.floor(sum(own) / cards);
  });
}

function cardsBy(shares: readonly Share[], placeOf: (server: number) => number): number[] {
  const groups = Map.groupBy(shares, ({ server }) => placeOf(server));
  return [...groups.values()].map((own) => sum(own.map(({ cards }) => cards)));
}

const segmented = fc
  .record({
    topology: fc.constantFrom('same-server' as const, 'same-supernode' as const),
    segmentCards: fc.integer({ min: 1, max: SUPERNODE_SIZE }),
    count: fc.integer({ min: 1, max: 8 }),
    preferred: fc.constantFrom(null, 'supernode' as const),
    interval,
  })
  .map(({ topology, segmentCards, count, preferred, interval: during }) => {
    const cards = topology === 'same-server' ? 1 + (segmentCards % SIZE) : segmentCards;
    return { topology, cards: cards * count, gang: { segmentCards: cards, preferred }, interval: during } as const;
  });

test('segments lie whole in their level, in room that is free, and find it whenever there is some', () => {
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 20 }), segmented, fc.boolean(), (all, wish, toBind) => {
      const state = busyPool(all);
      const free = freeOf(state, wish.interval, toBind);
      const { segmentCards, preferred } = wish.gang;
      const rooms = segmentsOf(free, segmentCards, wish.topology);
      const shares = place(state, wish, toBind);
      expect(shares !== null).toBe(sum(rooms) * segmentCards >= wish.cards);
      if (!shares) return;
      expect(sum(shares.map(({ cards }) => cards))).toBe(wish.cards);
      expect(new Set(shares.map(({ server }) => server)).size).toBe(shares.length);
      for (const { server, cards } of shares) expect(cards).toBeLessThanOrEqual(free[server] ?? 0);
      const placeOf = wish.topology === 'same-server' ? (server: number) => server : supernodeOf;
      for (const cards of cardsBy(shares, placeOf)) expect(cards % segmentCards).toBe(0);
      const canLieTogether = rooms.some((room) => room * segmentCards >= wish.cards);
      if (preferred !== null && canLieTogether) expect(cardsBy(shares, supernodeOf)).toHaveLength(1);
    }),
    { numRuns: 400 },
  );
});

test('what is preferred is had where there is room for it, and costs nobody the place where there is none', () => {
  const wishes = fc.record({
    topology: fc.constantFrom('any' as const, 'whole-servers' as const, 'same-supernode' as const),
    preferred: fc.constantFrom('server' as const, 'supernode' as const),
    cards: fc.integer({ min: 1, max: 16 }),
    interval,
  });
  fc.assert(
    fc.property(
      fc.array(taken, { maxLength: 20 }),
      wishes,
      (all, { topology, preferred, cards: drawn, interval: during }) => {
        const state = busyPool(all);
        const isWhole = LAYOUTS[topology].whole !== null;
        const cards = isWhole ? SIZE * Math.ceil(drawn / SIZE) : drawn;
        const gang: Gang = { segmentCards: null, preferred };
        const plain = place(state, { topology, cards, interval: during }, false);
        const shares = place(state, { topology, cards, gang, interval: during }, false);
        expect(shares === null).toBe(plain === null);
        if (!shares) return;
        expect(sum(shares.map((share) => share.cards))).toBe(cards);
        const free = freeOf(state, during, false).map((room) => (isWhole && room < SIZE ? 0 : room));
        const rooms =
          preferred === 'server' ? free : [0, 1, 2].map((node) => sum(free.filter((_, i) => supernodeOf(i) === node)));
        const placeOf = preferred === 'server' ? (server: number) => server : supernodeOf;
        if (rooms.some((room) => room >= cards)) expect(cardsBy(shares, placeOf)).toHaveLength(1);
      },
    ),
    { numRuns: 400 },
  );
});

test('begun servers are filled before idle ones are begun', () => {
  const state = smallPool();
  const during = { startAt: at(0), endAt: at(8) };
  const shares = [
    { server: 4, cards: 2 },
    { server: 6, cards: 1 },
  ];
  state.addPromise({ id: 'a', cards: 3, topology: 'any', interval: during, shares, isBound: false });
  const wish = {
    topology: 'same-server',
    cards: 8,
    gang: { segmentCards: 2, preferred: null },
    interval: during,
  } as const;
  expect(place(state, wish, false)).toEqual([
    { server: 4, cards: 2 },
    { server: 6, cards: 2 },
    { server: 7, cards: 4 },
  ]);
});

test('the earliest start of segments is one at which they fit', () => {
  const state = smallPool();
  const busy = { startAt: at(0), endAt: at(20) };
  const shares = Array.from({ length: SERVERS }, (_, server) => ({ server, cards: 2 }));
  state.addPromise({ id: 'a', cards: 16, topology: 'any', interval: busy, shares, isBound: false });
  const gang = { segmentCards: 3, preferred: null } as const;
  const wish = { topology: 'same-server', cards: 6, gang, interval: { startAt: T0, endAt: at(4) } } as const;
  expect(place(state, wish, false)).toBeNull();
  expect(earliestStart(state, wish)).toBe(at(20));
});
