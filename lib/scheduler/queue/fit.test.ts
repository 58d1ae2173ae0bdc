import { expect, test } from 'vitest';
import { TOPOLOGIES, type Topology } from '#lib/core/topology.ts';
import { fitOn, fits, type QueuePool } from './fit.ts';

const free = (...cards: number[]): Int32Array => Int32Array.from(cards);
/** Servers of eight cards, two in a supernode. */
const POOL: QueuePool = { serverSize: 8, supernodeSize: 16, supernodes: [[0, 1], [2, 3], [4]] };
const gang = (cards: number, topology: Topology = 'any') => ({ cards, topology });
const serversOf = (rooms: Int32Array, cards: number, topology?: Topology): number[] | null =>
  fitOn(rooms, POOL, gang(cards, topology))?.map(({ server }) => server) ?? null;

test('less than a server goes to the server with the fewest cards that suffice, the first of equals', () => {
  expect(fitOn(free(8, 3, 2, 3), POOL, gang(3))).toEqual([{ server: 1, cards: 3 }]);
  expect(fitOn(free(2, 2), POOL, gang(3))).toBeNull();
});

test('more than a server takes idle servers and the tightest one for the rest', () => {
  expect(fitOn(free(4, 8, 8, 8), POOL, gang(20))).toEqual([
    { server: 1, cards: 8 },
    { server: 2, cards: 8 },
    { server: 0, cards: 4 },
  ]);
  expect(fitOn(free(3, 8, 8, 8), POOL, gang(20))?.at(-1)).toEqual({ server: 3, cards: 4 });
});

test('a gang fits as a whole or not at all', () => {
  expect(serversOf(free(8, 7, 7), 16)).toBeNull();
  expect(serversOf(free(8, 8, 3), 20)).toBeNull();
});

test('within a supernode, the one with the fewest free cards that has room, the first of equals', () => {
  expect(serversOf(free(8, 8, 8, 4, 8), 12, 'same-supernode')).toEqual([2, 3]);
  expect(serversOf(free(8, 8, 8, 8, 8), 12, 'same-supernode')).toEqual([0, 1]);
  expect(serversOf(free(8, 8, 8, 8, 3), 3, 'same-supernode')).toEqual([4]);
  expect(serversOf(free(8, 3, 3, 8, 8), 12, 'same-supernode')).toBeNull();
  expect(serversOf(free(8, 8, 8, 8, 8), 17, 'same-supernode')).toBeNull();
});

test('whole supernodes are of the largest size, and every card of them is free', () => {
  expect(serversOf(free(8, 7, 8, 8, 8), 16, 'whole-supernodes')).toEqual([2, 3]);
  expect(serversOf(free(8, 7, 8, 7, 8), 16, 'whole-supernodes')).toBeNull();
  expect(serversOf(free(8, 8, 8, 8, 8), 24, 'whole-supernodes')).toBeNull();
});

test('one server holds no more than it has, and whole servers come whole', () => {
  expect(serversOf(free(8, 8, 8, 8, 8), 9, 'same-server')).toBeNull();
  expect(serversOf(free(8, 8, 8, 8, 8), 12, 'whole-servers')).toBeNull();
  expect(serversOf(free(7, 8, 8, 8, 8), 16, 'whole-servers')).toEqual([1, 2]);
});

test('what fits has a place of just so many cards, whatever is free and however they lie', () => {
  const rooms = [
    free(8, 8, 8, 8, 8),
    free(8, 0, 8, 8, 3),
    free(5, 8, 2, 8, 8),
    free(-3, 8, 8, 8, 0),
    free(1, 1, 1, 1, 1),
  ];
  for (const topology of TOPOLOGIES)
    for (let cards = 1; cards <= 40; cards += 1)
      for (const room of rooms) {
        const shares = fitOn(room, POOL, gang(cards, topology));
        expect(fits(room, POOL, gang(cards, topology))).toBe(shares !== null);
        if (!shares) continue;
        expect(shares.reduce((sum, share) => sum + share.cards, 0)).toBe(cards);
        expect(shares.every((share) => share.cards <= (room[share.server] ?? 0))).toBe(true);
        expect(new Set(shares.map(({ server }) => server)).size).toBe(shares.length);
      }
});
