import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant, later } from '#lib/core/instant.ts';
import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import { Holdings } from './holdings.ts';

const interval = fc.record({ start: fc.nat(300), length: fc.option(fc.integer({ min: 1, max: 200 })) }).map(
  ({ start, length }): Interval => ({
    startAt: instant(start),
    endAt: length === null ? null : instant(start + length),
  }),
);
const step = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  next: fc.option(fc.record({ interval, cards: fc.integer({ min: 1, max: 9 }) }), { nil: undefined }),
});

type Held = { readonly interval: Interval; readonly cards: number };

/** The most cards at one moment: those of the window's start and of every start within it. */
function mostAtOnce(held: readonly Held[], window: Interval): number {
  const moments = held.map(({ interval: { startAt } }) => later(startAt, window.startAt));
  const cardsAt = (at: number): number =>
    held.reduce((sum, each) => sum + (each.interval.startAt <= at && at < endOf(each.interval) ? each.cards : 0), 0);
  return Math.max(0, ...moments.map(cardsAt));
}

test('what is held at one moment of a window is never more than is said, nor is more said than shares a time with it', () => {
  fc.assert(
    fc.property(fc.array(step), interval, (steps, window) => {
      const holdings = new Holdings();
      const known = new Map<string, Held>();
      for (const { id, next } of steps) {
        holdings.put(id, next);
        if (next) known.set(id, next);
        else known.delete(id);
        expect(holdings.together).toBe([...known.values()].reduce((sum, { cards }) => sum + cards, 0));
        const inside = [...known.values()].filter((each) => overlaps(each.interval, window));
        const said = holdings.mostIn(window);
        expect(said).toBeGreaterThanOrEqual(mostAtOnce(inside, window));
        expect(said).toBeLessThanOrEqual(inside.reduce((sum, { cards }) => sum + cards, 0));
        if (endOf(window) - window.startAt <= 72) expect(said).toBe(mostAtOnce(inside, window));
      }
    }),
  );
});
