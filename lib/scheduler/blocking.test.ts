import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { type Interval, overlaps } from '#lib/core/interval.ts';
import { inTheWayIn, named, tightestHour } from './blocking.ts';
import { PoolState } from './pool-state.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (hours: number): Instant => instant(T0 + hours * HOUR_MS);
const NOBODY = 'nobody';

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
        const cardsIn = (interval: Interval) => inTheWayIn(state, interval, NOBODY).blocked.cards;
        const found = tightestHour(state, { startAt: at(0), endAt: at(40) });
        for (let hour = 0; hour < 40; hour += 1)
          expect(cardsIn(found)).toBeGreaterThanOrEqual(cardsIn({ startAt: at(hour), endAt: at(hour + 1) }));
      }),
    );
  });
});

/** Promises that begin and end at quarters of an hour, some never; and a part of one hour. */
const quarters = fc.tuple(
  fc.nat(40),
  fc.option(fc.integer({ min: 1, max: 60 }), { freq: 6 }),
  fc.integer({ min: 1, max: 9 }),
);
const partOfHour = fc.tuple(fc.nat(20), fc.nat(3), fc.integer({ min: 1, max: 4 })).map(([hour, first, length]) => ({
  startAt: at(hour + first / 4),
  endAt: at(hour + Math.min(4, first + length) / 4),
}));

test('who is in the way in an hour, or in a part of one, is whom asking every promise finds', () => {
  fc.assert(
    fc.property(
      fc.array(quarters, { maxLength: 30 }),
      partOfHour,
      fc.constantFrom(-1, 0, 7, 30, 3_000),
      fc.nat(31),
      (spans, part, advanced, own) => {
        const state = pool(
          spans.map(([from, length, cards]): Span => [from / 4, length === null ? null : (from + length) / 4, cards]),
        );
        // Whoever asks before a change learns what must not be said after it.
        const ask = () => inTheWayIn(state, part, NOBODY);
        ask();
        if (spans.length > 3) {
          const undo = state.removePromise('p3');
          ask();
          undo();
        }
        if (spans.length > 5) state.removePromise('p5');
        ask();
        const first = state.promises.get('p0');
        if (first) state.changePromise({ ...first, cards: first.cards + 1, shares: [] });
        ask();
        state.advanceTo(at(advanced));
        const asked = [...state.promises.values()].filter(
          ({ id, interval }) => id !== `p${own}` && overlaps(interval, part),
        );
        const all = asked.map(({ id, cards, interval }) => ({ id, cards, until: interval.endAt }));
        expect(inTheWayIn(state, part, `p${own}`)).toEqual(named(all));
      },
    ),
  );
});

test('who is over first is named first, then who holds more, then the lower id; all are counted', () => {
  const state = pool([[0, null, 9], ...Array.from({ length: 9 }, (_, i): Span => [0, 20 - i, 1]), [0, 12, 5]]);
  const { blockers, blocked } = inTheWayIn(state, { startAt: at(0), endAt: at(1) }, NOBODY);
  expect(blockers.map(({ id }) => id)).toEqual(['p10', 'p9', 'p8', 'p7', 'p6', 'p5', 'p4', 'p3']);
  expect(blocked).toEqual({ count: 11, cards: 23 });
});

test('of promises without an end, the largest and lowest are named', () => {
  const state = pool(Array.from({ length: 12 }, (_, i): Span => [0, null, 1 + (i % 3)]));
  const { blockers, blocked } = inTheWayIn(state, { startAt: at(0), endAt: at(1) }, 'p2');
  expect(blockers.map(({ id }) => id)).toEqual(['p11', 'p5', 'p8', 'p1', 'p10', 'p4', 'p7', 'p0']);
  expect(blocked).toEqual({ count: 11, cards: 21 });
});
