import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { type Interval, overlaps } from '#lib/core/interval.ts';
import { Holdings } from './holdings.ts';

const interval = fc.record({ start: fc.nat(20), length: fc.option(fc.integer({ min: 1, max: 10 })) }).map(
  ({ start, length }): Interval => ({
    startAt: instant(start),
    endAt: length === null ? null : instant(start + length),
  }),
);
const step = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  next: fc.option(fc.record({ interval, cards: fc.integer({ min: 1, max: 9 }) }), { nil: undefined }),
});

test('what is held in a window is the sum of what shares a time with it, whatever came and went', () => {
  fc.assert(
    fc.property(fc.array(step), interval, (steps, window) => {
      const holdings = new Holdings();
      const known = new Map<string, { readonly interval: Interval; readonly cards: number }>();
      for (const { id, next } of steps) {
        holdings.put(id, next);
        if (next) known.set(id, next);
        else known.delete(id);
        const inside = [...known.values()].filter((each) => overlaps(each.interval, window));
        expect(holdings.cardsIn(window)).toBe(inside.reduce((sum, { cards }) => sum + cards, 0));
      }
    }),
  );
});
