import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hourOf, LATER_SLOT, slotOf, WINDOW_HOURS } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';
import { firstHourTogether, lastsTogether, type TogetherNeed } from './supernode-hours.ts';
import { SERVERS, SIZE, smallPool, SUPERNODE_SIZE, T0, take, taken } from './testing-pool.ts';

/** What each supernode says by itself, one after another. */
function eachIn(state: PoolState, need: TogetherNeed): ((slot: number) => boolean)[] {
  return state.supernodeServers.map(
    (_, supernode) => (slot: number) =>
      state.index.curves.freeInSupernode(supernode, slot) + need.slackAt(slot) >= need.cards,
  );
}

/** The first hour from `from` on that begins so many hours, null: without an end, in all of which something is there. */
function firstAlone({ index }: PoolState, hours: number | null, from: number, isThere: (slot: number) => boolean) {
  let [first, together]: [number | null, number] = [null, isThere(LATER_SLOT) ? Number.POSITIVE_INFINITY : 0];
  for (let hour = index.baseHour + WINDOW_HOURS - 1; hour >= from; hour -= 1) {
    together = isThere(slotOf(hour)) ? together + 1 : 0;
    if (together >= (hours ?? Number.POSITIVE_INFINITY)) first = hour;
  }
  return first;
}

const least = (hours: readonly (number | null)[]): number | null =>
  hours.reduce((best, hour) => (hour !== null && (best === null || hour < best) ? hour : best), null);

test('supernodes that are read together find the hour that the first of them finds alone, and last as long as the last', () => {
  fc.assert(
    fc.property(
      fc.array(taken, { maxLength: 25 }),
      fc.integer({ min: 1, max: SUPERNODE_SIZE + 1 }),
      fc.option(fc.integer({ min: 1, max: 60 })),
      fc.nat(30),
      (all, cards, hours, ahead) => {
        const state = smallPool();
        all.forEach((each, i) => {
          take(state, each, i);
        });
        // Where nothing else is known, so many cards more may be there in every third hour.
        const need = { cards, slackAt: (slot: number): number => (slot % 3 === 0 ? 1 : 0) };
        const from = hourOf(T0) + ahead;
        const alone = eachIn(state, need).map((isThere) => firstAlone(state, hours, from, isThere));
        expect(firstHourTogether(state.index, need, hours, from)).toBe(least(alone));
        const lasts = eachIn(state, need).map((isThere) => {
          let hour = from;
          while (hour < from + 20 && isThere(slotOf(hour))) hour += 1;
          return hour;
        });
        expect(lastsTogether(state.index, need, from, from + 20)).toBe(Math.max(...lasts));
      },
    ),
    { numRuns: 300 },
  );
});

test('no hour is named where no supernode is large enough', () => {
  const need = { cards: SERVERS * SIZE, slackAt: () => 0 };
  expect(firstHourTogether(smallPool().index, need, null, hourOf(T0))).toBeNull();
});
