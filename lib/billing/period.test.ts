import { expect, test } from 'vitest';
import { closeSteps } from './period.ts';
import type { CloseRefusal } from './types.ts';

test.each([
  [{ code: 'monthNotOver', endsAt: 0 }, 'blocked waiting waiting waiting waiting waiting'],
  [{ code: 'monthCollecting', cutoffAt: 0 }, 'done blocked waiting waiting waiting waiting'],
  [{ code: 'usageIncomplete', allocations: 1, example: 'x' }, 'done done blocked waiting waiting waiting'],
  [{ code: 'booksDiffer', chargesUnits: '1', ledgerUnits: '2' }, 'done done done blocked waiting waiting'],
  [null, 'done done done done next waiting'],
  [{ code: 'monthClosed' }, 'done done done done done done'],
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
