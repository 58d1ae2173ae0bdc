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
