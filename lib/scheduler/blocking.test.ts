import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { overlaps } from '#lib/core/interval.ts';
import { named, promisesIn, tightestHour } from './blocking.ts';
import { PoolState } from './pool-state.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (hours: number): Instant => instant(T0 + hours * HOUR_MS);
const NOBODY = new Set<string>();

type Span = readonly [from: number, until: number | null, cards: number];

/** Promises on a server that has room for all of them at once. */
function pool(spans: readonly Span[]): PoolState {
  const cardServers = new Array<number>(256).fill(0);
  const state = new PoolState({ servers: [{ supernode: 0, pod: 0 }], cardServers });
  state.advanceTo(T0);
  spans.forEach(([from, until, cards], i) => {
    const interval = { startAt: at(from), endAt: until === null ? null : at(until) };
    const shares = [{ server: 0, cards }];
    state.addPromise({ id: `p${i}`, cards, topology: 'any', interval, shares, isBound: false });
  });
  return state;
}

describe('the tightest hour', () => {
  test('is the first in which the fewest are free, and lies within what is asked', () => {
    const state = pool([
      [0, 4, 3],
      [2, 6, 3],
      [5, null, 4],
    ]);
    const window = { startAt: at(1), endAt: at(9) };
    expect(tightestHour(state, window)).toEqual({ startAt: at(5), endAt: at(6) });
    const putBack = state.lift('p2');
    expect(tightestHour(state, window)).toEqual({ startAt: at(2), endAt: at(3) });
    putBack();
    expect(tightestHour(state, { startAt: at(5.25), endAt: at(5.5) })).toEqual({ startAt: at(5.25), endAt: at(5.5) });
    expect(tightestHour(pool([]), { startAt: at(1), endAt: null })).toEqual({ startAt: at(1), endAt: at(2) });
  });

  test('holds at least as many cards as any hour, whatever is promised', () => {
    const span = fc
      .tuple(fc.nat(20), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 9 }))
      .map(([from, hours, cards]): Span => [from, from + hours, cards]);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
        const state = pool(spans);
        const cardsIn = (interval: { startAt: Instant; endAt: Instant | null }) =>
          [...promisesIn(state, interval, NOBODY)].reduce((sum, { cards }) => sum + cards, 0);
        const found = tightestHour(state, { startAt: at(0), endAt: at(40) });
        for (let hour = 0; hour < 40; hour += 1)
          expect(cardsIn(found)).toBeGreaterThanOrEqual(cardsIn({ startAt: at(hour), endAt: at(hour + 1) }));
      }),
    );
  });
});

test('who is over first is named first, then who holds more, then the lower id; all are counted', () => {
  const state = pool([[0, null, 9], ...Array.from({ length: 9 }, (_, i): Span => [0, 20 - i, 1]), [0, 12, 5]]);
  const { blockers, blocked } = named(promisesIn(state, { startAt: at(0), endAt: at(1) }, NOBODY));
  expect(blockers.map(({ id }) => id)).toEqual(['p10', 'p9', 'p8', 'p7', 'p6', 'p5', 'p4', 'p3']);
  expect(blocked).toEqual({ count: 11, cards: 23 });
  const all = [...promisesIn(state, { startAt: at(0), endAt: at(1) }, NOBODY)];
  expect(named(all.toReversed()).blockers).toEqual(blockers);
  expect(all.every(({ until }) => overlaps({ startAt: at(0), endAt: until }, { startAt: at(0), endAt: at(1) }))).toBe(
    true,
  );
});
