import { cardsMaxOf, LAYOUTS, type PreferredLevel, type Topology } from '#lib/core/topology.ts';
import { freePerServer } from './free.ts';
import { countedFree, hasKnownRoom } from './has-room.ts';
import { highestOf } from './hour-window.ts';
import type { KnownRoom } from './known-room.ts';
import { placeByIndex } from './place-by-index.ts';
import { placeOn } from './place-on-servers.ts';
import { placeSegments } from './place-segments.ts';
import type { PoolState } from './pool-state.ts';
import type { PlacementRequest, Share } from './types.ts';

/**
 * Places a request around everything bound and tentative; null when it does not fit as things stand. With `toBind`, the
 * cards must be free of bindings throughout. What is preferred is tried first.
 */
export function place(state: PoolState, request: PlacementRequest, toBind: boolean): Share[] | null {
  const { gang, topology, cards } = request;
  if (!gang) return placePlain(state, request, toBind);
  const { segmentCards, preferred } = gang;
  const free = (): Int16Array => freePerServer(state, request.interval, toBind);
  const isTogether = preferred === 'supernode';
  if (segmentCards !== null) {
    const rooms = free();
    const together = isTogether ? placeSegments(state, rooms, request, segmentCards, true) : null;
    return together ?? placeSegments(state, rooms, request, segmentCards, false);
  }
  const size = state.sizes.cardsPerServer;
  // Whole servers are segments as large as a server.
  const closer = topology === 'whole-servers' && isTogether ? placeSegments(state, free(), request, size, true) : null;
  const tighter = preferred === null ? undefined : CLOSER[preferred][topology];
  const fits = tighter !== undefined && cards <= (cardsMaxOf(tighter, state.sizes) ?? cards);
  return (
    closer ??
    (fits ? placePlain(state, { ...request, topology: tighter }, toBind) : null) ??
    placePlain(state, request, toBind)
  );
}

/** The topology that is tried first for a preferred level. */
const CLOSER: Readonly<Record<PreferredLevel, Partial<Record<Topology, Topology>>>> = {
  server: { any: 'same-server', 'same-supernode': 'same-server' },
  supernode: { any: 'same-supernode' },
};

/**
 * Places all cards as the topology says. The index answers where there is room; only where it finds none, and something
 * takes a part of an hour or the request may be cut into pieces, is every server looked at.
 */
function placePlain(state: PoolState, request: PlacementRequest, toBind: boolean): Share[] | null {
  if (state.index.knows(request.interval)) {
    const room = state.roomOver(request.interval);
    const found = placeByIndex(state, request, room, toBind);
    if (found || !mayFitOtherwise(state, request, room)) return found;
  }
  return placeOn(state, freePerServer(state, request.interval, toBind), request);
}

/** False when curves and index show that what was not found in one piece is not there in several either. */
function mayFitOtherwise(state: PoolState, request: PlacementRequest, room: KnownRoom): boolean {
  if (countedFree(state, room.reading) < request.cards) return false;
  if (highestOf(state.index.curves.partlyTaken, room.reading) > 0) return true;
  const { within, whole } = LAYOUTS[request.topology];
  const mayBeCut = whole === null && within !== 'server';
  return mayBeCut && hasKnownRoom(state, request, room);
}
