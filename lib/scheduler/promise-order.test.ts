import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { FOREVER } from '#lib/core/interval.ts';
import { lastHourOf } from './promise-hours.ts';
import { dropIn, type Group, putIn } from './promise-order.ts';
import type { PlannedPromise } from './types.ts';

function promiseUntil(id: string, endAt: number, cards: number): PlannedPromise {
  const end = endAt === FOREVER ? null : instant(endAt);
  return {
    id,
    cards,
    topology: 'any',
    interval: { startAt: instant(0), endAt: end },
    shares: [],
    isBound: false,
  };
}

/** The order as it is said: by end, then by falling cards, then by id. */
function inOrder(promises: readonly PlannedPromise[]): string[] {
  const endOf = ({ interval }: PlannedPromise): number => interval.endAt ?? FOREVER;
  return promises
    .toSorted((a, b) => endOf(a) - endOf(b) || b.cards - a.cards || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const wish = fc.record({
  id: fc.constantFrom(...ids),
  isThere: fc.boolean(),
  endAt: fc.oneof(fc.constant(FOREVER), fc.constant(500_000 * HOUR_MS), fc.integer({ min: -1, max: 1 })),
  cards: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(100_000)),
});

test('the promises of an hour stand in order, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(wish), (steps) => {
      const groups = new Map<number, Group>();
      const known = new Map<string, { promise: PlannedPromise; hour: number }>();
      for (const { id, isThere, endAt, cards } of steps) {
        const before = known.get(id);
        if (before) dropIn(groups, before.hour, before.promise);
        known.delete(id);
        if (!isThere) continue;
        // Neighbours to the millisecond, so that only the last digit of an end tells them apart.
        const end = Math.abs(endAt) === 1 ? 500_000 * HOUR_MS + endAt : endAt === 0 ? 500_000 * HOUR_MS : endAt;
        const promise = promiseUntil(id, end, cards);
        const hour = lastHourOf(instant(end));
        putIn(groups, hour, promise);
        known.set(id, { promise, hour });
      }
      for (const [hour, { promises }] of groups) {
        const expected = [...known.values()].filter((each) => each.hour === hour).map(({ promise }) => promise);
        expect(promises.map(({ id }) => id)).toEqual(inOrder(expected));
      }
      expect([...groups.values()].reduce((sum, { promises }) => sum + promises.length, 0)).toBe(known.size);
    }),
  );
});

test('a promise that is not in the group of its hour is a fault', () => {
  const groups = new Map<number, Group>();
  putIn(groups, 5, promiseUntil('a', 6 * HOUR_MS, 1));
  expect(() => dropIn(groups, 5, promiseUntil('a', 6 * HOUR_MS, 2))).toThrow('promise a is counted in its hours');
  expect(() => dropIn(groups, 6, promiseUntil('a', 6 * HOUR_MS, 1))).toThrow();
});
