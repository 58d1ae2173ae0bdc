import { expect, test } from 'vitest';
import type { Month } from '#lib/core/period.ts';
import { closeSteps, earlierOpen } from './period.ts';
import type { CloseRefusal } from './types.ts';

test.each([
  [{ code: 'monthNotOver', endsAt: 0 }, 'blocked waiting waiting waiting waiting waiting waiting'],
  [{ code: 'monthCollecting', cutoffAt: 0 }, 'done blocked waiting waiting waiting waiting waiting'],
  [{ code: 'earlierMonthOpen', month: '2026-10' as Month }, 'done done blocked waiting waiting waiting waiting'],
  [{ code: 'usageIncomplete', allocations: 1, example: 'x' }, 'done done done blocked waiting waiting waiting'],
  [{ code: 'booksDiffer', chargesUnits: '1', ledgerUnits: '2' }, 'done done done done blocked waiting waiting'],
  [null, 'done done done done done next waiting'],
  [{ code: 'monthClosed' }, 'done done done done done done done'],
] as const satisfies readonly (readonly [CloseRefusal | null, string])[])(
  'with %j in the way the steps stand as %s',
  (obstacle, expected) => {
    expect(
      closeSteps(obstacle)
        .map(({ status }) => status)
        .join(' '),
    ).toBe(expected);
  },
);

test.each([
  ['2026-12', ['2026-10', '2026-11'], null],
  ['2026-12', ['2026-11'], '2026-10'],
  ['2027-01', ['2026-10', '2026-11'], '2026-12'],
  ['2026-10', [], null],
] as const)('before %s with %j closed, %j is open', (month, closed, expected) => {
  expect(earlierOpen(month as Month, '2026-10' as Month, new Set(closed))).toBe(expected);
});
