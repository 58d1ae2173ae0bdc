import { freePerServer } from './free.ts';
import { countedFree, hasKnownRoom } from './has-room.ts';
import { highestOf, type Reading, readingOf } from './hour-window.ts';
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

/** False when curves and index show that what was not found in one piece is not there in several either. */
function mayFitOtherwise(state: PoolState, request: PlacementRequest, reading: Reading): boolean {
  if (countedFree(state, reading) < request.cards) return false;
  if (highestOf(state.index.curves.partlyTaken, reading) > 0) return true;
  const mayBeCut = request.topology === 'any' || request.topology === 'same-supernode';
  return mayBeCut && hasKnownRoom(state, request, reading);
}
