import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, instant, later, plusMs } from '#lib/core/instant.ts';
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
        const inside = [...known.values()].filter((each) => overlaps(each.interval, window));
        const said = holdings.mostIn(window);
        expect(said).toBeGreaterThanOrEqual(mostAtOnce(inside, window));
        expect(said).toBeLessThanOrEqual(inside.reduce((sum, { cards }) => sum + cards, 0));
        if (endOf(window) - window.startAt <= 72) expect(said).toBe(mostAtOnce(inside, window));
      }
    }),
  );
});

test('what the days of a window say is enough only where it is no more than asked, and is never too little', () => {
  const days = step.map(({ id, next }) => ({
    id,
    next: next && {
      cards: next.cards,
      interval: {
        startAt: instant(next.interval.startAt * 7 * HOUR_MS),
        endAt: next.interval.endAt && instant(next.interval.endAt * 7 * HOUR_MS),
      },
    },
  }));
  fc.assert(
    fc.property(fc.array(days), fc.nat(2_000), fc.option(fc.nat(900)), fc.nat(30), (steps, from, hours, enough) => {
      const holdings = new Holdings();
      const known = new Map<string, Held>();
      const startAt = instant(from * HOUR_MS);
      const window = { startAt, endAt: hours === null ? null : plusMs(startAt, hours * HOUR_MS) };
      for (const { id, next } of steps) {
        holdings.put(id, next);
        if (next) known.set(id, next);
        else known.delete(id);
        const said = holdings.mostIn(window, enough);
        const inside = [...known.values()].filter((each) => overlaps(each.interval, window));
        expect(said).toBeGreaterThanOrEqual(mostAtOnce(inside, window));
        if (said > enough) expect(said).toBe(holdings.mostIn(window));
      }
      for (const id of known.keys()) holdings.put(id, undefined);
      expect(holdings.mostIn({ startAt: instant(0), endAt: null }, 0)).toBe(0);
    }),
  );
});

test('a booking far within its quota is counted by the day, one near it by the part of its window', () => {
  const holdings = new Holdings();
  const at = (hour: number) => instant(hour * HOUR_MS);
  holdings.put('a', { interval: { startAt: at(0), endAt: at(10) }, cards: 3 });
  holdings.put('b', { interval: { startAt: at(10), endAt: at(20) }, cards: 4 });
  holdings.put('b', { interval: { startAt: at(10), endAt: at(26) }, cards: 5 });
  const window = { startAt: at(0), endAt: at(24) };
  expect(holdings.mostIn(window, 8)).toBe(8);
  expect(holdings.mostIn(window, 7)).toBe(5);
  expect(holdings.mostIn({ startAt: at(24), endAt: at(25) }, 8)).toBe(5);
  expect(holdings.mostIn({ startAt: at(24), endAt: at(24) }, 8)).toBe(5);
});
