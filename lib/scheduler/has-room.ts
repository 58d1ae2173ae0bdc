import { assertNever } from '#lib/core/assert.ts';
import { LAYOUTS } from '#lib/core/topology.ts';
import { countBits } from './bits.ts';
import { freeServers } from './free.ts';
import { IDLE } from './free-words.ts';
import { highestOf, lowestOf, type Reading } from './hour-window.ts';
import type { KnownRoom } from './known-room.ts';
import type { PoolState } from './pool-state.ts';
import { levelsOf, mostCards } from './room-levels.ts';
import type { PlacementRequest } from './types.ts';
import { countWhole, wordsOfSupernodes } from './whole-supernodes.ts';

type Wish = Pick<PlacementRequest, 'cards' | 'topology'>;

/** At most so many cards can be free at the tightest moment of a reading, wherever they lie. */
export function countedFree({ index }: PoolState, reading: Reading): number {
  const { freeCards, partlyTaken } = index.curves;
  return lowestOf(freeCards, reading) + highestOf(partlyTaken, reading);
}

/** True when so many servers have a level throughout. */
export function hasServers(room: KnownRoom, level: number, needed: number): boolean {
  const { index } = room;
  if (level === IDLE && lowestOf(index.curves.idleServers, room.reading) < needed) return false;
  let missing = needed;
  for (let word = 0; word < index.wordCount && missing > 0; word += 1) missing -= countBits(room.word(level, word));
  return missing <= 0;
}

/** True when all servers together have so many cards free throughout. */
function hasInAll(room: KnownRoom, cards: number): boolean {
  const { index } = room;
  if (lowestOf(index.curves.freeCards, room.reading) < cards) return false;
  let missing = cards;
  // A server with more than all that is wanted counts for all of it: higher levels need not be read.
  const levels = Math.min(index.levels, cards);
  for (let word = 0; word < index.wordCount; word += 1) {
    for (let level = 1; level <= levels; level += 1) {
      const servers = room.word(level, word);
      if (servers === 0) break;
      missing -= countBits(servers);
      if (missing <= 0) return true;
    }
  }
  return false;
}

/** True when the servers of some supernode together have so many cards free throughout. */
function hasInSupernode({ index, supernodeServers }: PoolState, cards: number, reading: Reading): boolean {
  return index.curves.supernodesWith(cards, reading).some((supernode) => {
    let missing = cards;
    for (const server of supernodeServers[supernode] ?? []) missing -= Math.max(0, index.lowestOn(server, reading));
    return missing <= 0;
  });
}

/** True when so many supernodes are idle as a whole throughout. */
function hasSupernodes(state: PoolState, needed: number, room: KnownRoom): boolean {
  const { index } = state;
  if (lowestOf(index.curves.idleSupernodes, room.reading) < needed) return false;
  return countWhole(room.allWords(IDLE), wordsOfSupernodes(state)) >= needed;
}

/**
 * True when the index has room for a wish that is not cut into segments; where nothing takes a part of an hour, false only
 * where there is none.
 */
export function hasKnownRoom(state: PoolState, { cards, topology }: Wish, room: KnownRoom): boolean {
  const { within, whole } = LAYOUTS[topology];
  if (whole === 'server') return hasServers(room, IDLE, Math.ceil(cards / (state.serverSize[0] ?? 1)));
  if (whole === 'supernode') return hasSupernodes(state, Math.ceil(cards / state.supernodeSize), room);
  switch (within) {
    case 'pool':
      return hasInAll(room, cards);
    case 'server':
      return cards <= state.index.levels && hasServers(room, cards, 1);
    case 'supernode':
      return hasInSupernode(state, cards, room.reading);
    default:
      return assertNever(within);
  }
}

/** True when a request would be placed as things stand: what `place` would find, without looking where. */
export function hasRoom(state: PoolState, request: PlacementRequest, toBind: boolean): boolean {
  const { index } = state;
  const { cards, topology, gang, interval } = request;
  if (!toBind && state.provenRoom.has(state.version, request)) return true;
  if (index.knows(interval)) {
    const room = state.roomOnce(interval);
    if (countedFree(state, room.reading) < cards) return false;
    // Of segments the index knows nothing but the sum.
    const isKnown = !gang?.segmentCards && hasKnownRoom(state, request, room);
    if (isKnown && !toBind) return true;
    if (!isKnown && !gang?.segmentCards && highestOf(index.curves.partlyTaken, room.reading) === 0) return false;
  }
  return mostCards(state, levelsOf(state, freeServers(state, interval, toBind), gang), topology) >= cards;
}
