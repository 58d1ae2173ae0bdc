import { invariant } from '#lib/core/assert.ts';
import { floorToHour, type Instant } from '#lib/core/instant.ts';
import type { HourIndex } from './hour-index.ts';
import { hourOf, slotOf, WINDOW_HOURS } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';
import type { AvailabilityTable } from './types.ts';

/**
 * What is free in each of `hours` clock hours from now, per level class. Within an hour everything that touches it
 * counts, so the table never promises more than admission would. A copy of the curves that admission reads; at most as
 * many hours as they have.
 */
export function availabilityOf(state: PoolState, now: Instant, hours: number): AvailabilityTable {
  invariant(hours <= WINDOW_HOURS, 'availability is known for the hours that may be booked');
  state.advanceTo(now);
  const { index } = state;
  const { curves } = index;
  const first = hourOf(now);
  const slots = Array.from({ length: hours }, (_, hour) => slotOf(first + hour));
  const read = (row: Int32Array): number[] => slots.map((slot) => row[slot] ?? 0);
  return {
    fromHourAt: floorToHour(now),
    totalCards: state.cardCount,
    freeCards: read(curves.freeCards),
    freeServers: read(curves.idleServers),
    freeSupernodes: read(curves.idleSupernodes),
    largestOnServer: slots.map((slot) => largestOnServer(index, slot)),
    largestOnSupernode: slots.map((slot) => {
      let largest = 0;
      for (let supernode = 0; supernode < state.supernodeCount; supernode += 1)
        largest = Math.max(largest, curves.freeInSupernode(supernode, slot));
      return largest;
    }),
  };
}

/** The highest level that some server has in a slot. */
function largestOnServer(index: HourIndex, slot: number): number {
  for (let level = index.levels; level > 0; level -= 1) {
    for (let word = 0; word < index.wordCount; word += 1)
      if (index.words.at(level * index.wordCount + word, slot) !== 0) return level;
  }
  return 0;
}
