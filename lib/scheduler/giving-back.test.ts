import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { areWhole, cardsToGiveBack, sharesWithout } from './giving-back.ts';
import { PoolState } from './pool-state.ts';

const T0 = instant(Date.UTC(2026, 10, 1));

/** Eight servers of two cards that belong to two supernodes in turns, so that neighbours are of different ones. */
function pool(): PoolState {
  return new PoolState({
    servers: Array.from({ length: 8 }, (_, server) => ({ supernode: server % 2, pod: 0 })),
    cardServers: Array.from({ length: 16 }, (_, card) => card >> 1),
  });
}

const ALL = Array.from({ length: 16 }, (_, card) => card);
const supernodeOf = (card: number): number => (card >> 1) % 2;

test('of supernodes of their own one goes whole, whatever the order of its servers', () => {
  const state = pool();
  const given = cardsToGiveBack(state, ALL, new Set(), 8, 'supernode');
  expect(new Set(given.map(supernodeOf))).toEqual(new Set([1]));
  expect(areWhole(state, given, ALL, 'supernode', null)).toBe(true);
  expect(areWhole(state, given.slice(1), ALL, 'supernode', null)).toBe(false);
  expect(new Set(cardsToGiveBack(state, ALL, new Set([0]), 8, 'supernode').map(supernodeOf))).toEqual(new Set([0]));
});

test('before cards are given, what stays is whole too', () => {
  const shares = Array.from({ length: 8 }, (_, server) => ({ server, cards: 2 }));
  const interval = { startAt: T0, endAt: instant(T0 + HOUR_MS) };
  const promise = { id: 'a', cards: 16, topology: 'whole-supernodes', interval, shares, isBound: false } as const;
  expect(sharesWithout(pool(), promise, 8).map(({ server }) => server)).toEqual([0, 2, 4, 6]);
});
