import { expect, test } from 'vitest';
import type { Month } from '#lib/core/period.ts';
import { earlierOpen } from './period.ts';

test.each([
  ['2026-12', ['2026-10', '2026-11'], null],
  ['2026-12', ['2026-11'], '2026-10'],
  ['2027-01', ['2026-10', '2026-11'], '2026-12'],
  ['2026-10', [], null],
] as const)('before %s with %j closed, %j is open', (month, closed, expected) => {
  expect(earlierOpen(month as Month, '2026-10' as Month, new Set(closed))).toBe(expected);
});
