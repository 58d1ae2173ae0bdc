import { expect, test } from 'vitest';
import { fitOn, fitsInto } from './fit.ts';

const free = (...cards: number[]): Int32Array => Int32Array.from(cards);

test('less than a server goes to the server with the fewest cards that suffice, the first of equals', () => {
  expect(fitOn(free(8, 3, 2, 3), 8, 3)).toEqual([{ server: 1, cards: 3 }]);
  expect(fitOn(free(2, 2), 8, 3)).toBeNull();
});

test('more than a server takes idle servers and the tightest one for the rest', () => {
  expect(fitOn(free(4, 8, 8, 8), 8, 20)).toEqual([
    { server: 1, cards: 8 },
    { server: 2, cards: 8 },
    { server: 0, cards: 4 },
  ]);
  expect(fitOn(free(3, 8, 8, 8), 8, 20)?.at(-1)).toEqual({ server: 3, cards: 4 });
});

test('a gang fits as a whole or not at all', () => {
  expect(fitOn(free(8, 7, 7), 8, 16)).toBeNull();
  expect(fitOn(free(8, 8, 3), 8, 20)).toBeNull();
});

test('what fits has a place, whatever is free', () => {
  for (let cards = 1; cards <= 24; cards += 1)
    for (const rooms of [free(8, 8, 8), free(8, 0, 8), free(5, 8, 2), free(-3, 8, 8), free(1, 1, 1)])
      expect(fitsInto(rooms, 8, cards)).toBe(fitOn(rooms, 8, cards) !== null);
});
