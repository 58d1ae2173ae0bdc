import { invariant } from '#lib/core/assert.ts';
import { HOUR_MS } from '#lib/core/instant.ts';
import { endOf } from '#lib/core/interval.ts';
import type { PlannedPromise } from './types.ts';

/** More cards than one promise holds. */
const CARDS_MAX = 2 ** 21;

/**
 * Promises of one clock hour in order: who is over first comes first, then who holds more, then the lower id. End and
 * cards stand beside them as one number, so that a search among hundreds looks at few of them.
 */
export type Group = { readonly promises: PlannedPromise[]; readonly ranks: number[] };

/** Rises with the end, then falls with the cards; exact for whatever ends within some hours of `hour`. */
function rankOf({ interval, cards }: PlannedPromise, hour: number): number {
  return (endOf(interval) - hour * HOUR_MS) * CARDS_MAX - cards;
}

/** Where a promise stands in a group, or would stand. */
function placeIn({ promises, ranks }: Group, { id }: PlannedPromise, rank: number): number {
  let [from, behind] = [0, ranks.length];
  while (from < behind) {
    const middle = (from + behind) >>> 1;
    const other = ranks[middle] ?? 0;
    if (other < rank || (other === rank && (promises[middle]?.id ?? '') < id)) from = middle + 1;
    else behind = middle;
  }
  return from;
}

/** Puts a promise into the group of an hour. */
export function putIn(groups: Map<number, Group>, hour: number, promise: PlannedPromise): void {
  const rank = rankOf(promise, hour);
  const group = groups.get(hour);
  if (!group) {
    groups.set(hour, { promises: [promise], ranks: [rank] });
    return;
  }
  const place = placeIn(group, promise, rank);
  group.promises.splice(place, 0, promise);
  group.ranks.splice(place, 0, rank);
}

/** Takes a promise out of the group of an hour; one that is not there is a fault. */
export function dropIn(groups: Map<number, Group>, hour: number, promise: PlannedPromise): void {
  const group = groups.get(hour);
  const rank = rankOf(promise, hour);
  const place = group ? placeIn(group, promise, rank) : -1;
  if (!group || group.ranks[place] !== rank || group.promises[place]?.id !== promise.id)
    invariant(false, `promise ${promise.id} is counted in its hours`);
  else if (group.promises.length === 1) groups.delete(hour);
  else {
    group.promises.splice(place, 1);
    group.ranks.splice(place, 1);
  }
}
