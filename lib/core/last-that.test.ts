import { expect, test, vi } from 'vitest';
import { lastThat } from './last-that.ts';

test.each([
  [[], null],
  [[1], 1],
  [[1, 2, 3, 4, 5, 6, 7], 4],
  [[5, 6, 7], null],
])('the last of %j that holds is %j', (rising: number[], last) => {
  const holds = vi.fn((each: number) => each <= 4);
  expect(lastThat(rising, holds)).toBe(last);
  expect(holds.mock.calls.length).toBeLessThanOrEqual(3);
});

test('whatever is guessed, the answer is the same; a right guess needs two looks, none needs more than twice a halving', () => {
  for (let length = 0; length <= 40; length += 1) {
    const rising = Array.from({ length }, (_, i) => i);
    for (let last = -1; last < length; last += 1) {
      for (let guess = -2; guess <= length + 1; guess += 1) {
        const holds = vi.fn((each: number) => each <= last);
        expect(lastThat(rising, holds, guess)).toBe(last < 0 ? null : last);
        const looks = holds.mock.calls.length;
        if (guess === last) expect(looks).toBeLessThanOrEqual(2);
        expect(looks).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(length + 1)) + 1);
        expect(new Set(holds.mock.calls.flat()).size).toBe(looks);
      }
    }
  }
});
