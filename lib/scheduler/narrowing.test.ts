import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { countBits } from './bits.ts';
import type { HourIndex } from './hour-index.ts';
import { slotOf } from './hour-window.ts';
import { mayHave, mayHaveIn, Narrowing, type Need } from './narrowing.ts';
import { SIZE, smallPool } from './testing-pool.ts';

const HOURS = 12;
const HOUR_MS = 3_600_000;
/** Cards of a server, and the hours for which they are promised, from the first on or from a part of it on. */
const taken = fc.record({
  cards: fc.integer({ min: 1, max: SIZE }),
  from: fc.nat(HOURS - 2),
  hours: fc.integer({ min: 1, max: HOURS }),
  isOff: fc.boolean(),
});

type Taken = { readonly cards: number; readonly from: number; readonly hours: number; readonly isOff: boolean };

function filled(all: readonly Taken[]) {
  const state = smallPool();
  all.forEach(({ cards, from, hours, isOff }, i) => {
    const first = state.index.baseHour + from;
    const startAt = instant(first * HOUR_MS + (isOff ? 60_000 : 0));
    const interval = { startAt, endAt: instant((first + hours) * HOUR_MS) };
    const shares = [{ server: i % state.serverCount, cards }];
    state.addPromise({ id: `p${i}`, cards, topology: 'any', interval, shares, isBound: false });
  });
  return state;
}

/** Every row of the levels that matter, read one by one: servers that are left in all of some slots, once for each level. */
function countedOneByOne(index: HourIndex, levels: number, slots: readonly number[]): number {
  let servers = 0;
  for (let row = index.wordCount; row < (levels + 1) * index.wordCount; row += 1)
    servers += countBits(slots.reduce((left, slot) => left & index.words.at(row, slot), -1));
  return servers;
}

test('what is left after each hour is what reading every level of every server leaves', () => {
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 16 }), fc.integer({ min: 1, max: 3 * SIZE }), (all, count) => {
      const { index } = filled(all);
      const need: Need = { level: 'any', count, isSure: true };
      const slots = Array.from({ length: HOURS }, (_, hour) => slotOf(index.baseHour + hour));
      const levels = Math.min(index.levels, count);
      const narrowing = new Narrowing(index, need);
      slots.forEach((slot, i) => {
        const left = countedOneByOne(index, levels, slots.slice(0, i + 1));
        expect(i === 0 ? narrowing.begin(slot) : narrowing.read(slot)).toBe(left >= count);
        expect(narrowing.missing).toBe(count - left);
      });
    }),
  );
});

test('a slot may have what is needed by its need alone where it may by need and index', () => {
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 16 }), fc.nat(100), fc.boolean(), (all, count, isSure) => {
      const { index } = filled(all);
      const need: Need = { level: 'any', count, isSure };
      const may = mayHaveIn(index, need);
      for (let hour = 0; hour < HOURS; hour += 1) {
        const slot = slotOf(index.baseHour + hour);
        expect(may(slot)).toBe(mayHave(index, need, slot));
      }
    }),
  );
});

test('who goes on reading after another has begun is stopped, not answered with what the other left', () => {
  const { index } = smallPool();
  const need: Need = { level: 'any', count: 1, isSure: true };
  const [first, second] = [new Narrowing(index, need), new Narrowing(index, need)];
  const slot = slotOf(index.baseHour);
  first.begin(slot);
  second.begin(slot);
  expect(() => first.read(slot)).toThrow('one search reads the words at a time');
  expect(() => first.breakIn(index.baseHour, index.baseHour + 2)).toThrow('one search reads the words at a time');
  expect(second.read(slot)).toBe(true);
});
