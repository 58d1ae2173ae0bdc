import { freePerServer } from './free.ts';
import { highestOf, lowestOf, type Reading, readingOf } from './hour-window.ts';
import { placeByIndex } from './place-by-index.ts';
import { placeOn } from './place-on-servers.ts';
import type { PoolState } from './pool-state.ts';
import type { PlacementRequest, Share } from './types.ts';

/**
 * Places a request around everything bound and tentative; null when it does not fit as things stand. The index answers
 * where there is room; only where it finds none, and something takes a part of an hour or the request may be cut into
 * pieces, is every server looked at. With `toBind`, the cards must be free of bindings throughout.
 */
export function place(state: PoolState, request: PlacementRequest, toBind: boolean): Share[] | null {
  if (state.index.knows(request.interval)) {
    const reading = readingOf(state.index.hours(request.interval));
    const found = placeByIndex(state, request, reading, toBind);
    if (found || !mayFitOtherwise(state, request, reading)) return found;
  }
  return placeOn(state, freePerServer(state, request.interval, toBind), request);
}

/** False when the curves show that what the index did not find is not there. */
function mayFitOtherwise(state: PoolState, { cards, topology }: PlacementRequest, reading: Reading): boolean {
  const isDivisible = topology === 'any' || topology === 'same-supernode';
  const partly = highestOf(state.index.curves.partlyTaken, reading);
  return (isDivisible || partly > 0) && countedFree(state, reading) >= cards;
}

/** At most so many cards can be free at the tightest moment of a reading, wherever they lie. */
export function countedFree({ index }: PoolState, reading: Reading): number {
  const { freeCards, partlyTaken } = index.curves;
  return lowestOf(freeCards, reading) + highestOf(partlyTaken, reading);
}
