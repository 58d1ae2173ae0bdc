import { assertNever } from '#lib/core/assert.ts';
import { countBits } from './bits.ts';
import { freePerServer } from './free.ts';
import { type HourIndex, IDLE } from './hour-index.ts';
import { highestOf, lowestOf, type Reading, readingOf } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';
import { levelsOf, mostCards } from './room-levels.ts';
import type { PlacementRequest } from './types.ts';

type Wish = Pick<PlacementRequest, 'cards' | 'topology'>;

/** At most so many cards can be free at the tightest moment of a reading, wherever they lie. */
export function countedFree({ index }: PoolState, reading: Reading): number {
  const { freeCards, partlyTaken } = index.curves;
  return lowestOf(freeCards, reading) + highestOf(partlyTaken, reading);
}

/** True when so many servers have a level throughout. */
export function hasServers(index: HourIndex, level: number, needed: number, reading: Reading): boolean {
  if (level === IDLE && lowestOf(index.curves.idleServers, reading) < needed) return false;
  let missing = needed;
  for (let word = 0; word < index.wordCount && missing > 0; word += 1)
    missing -= countBits(index.word(level, word, reading));
  return missing <= 0;
}

/** True when all servers together have so many cards free throughout. */
function hasInAll(index: HourIndex, cards: number, reading: Reading): boolean {
  if (lowestOf(index.curves.freeCards, reading) < cards) return false;
  let missing = cards;
  // A server with more than all that is wanted counts for all of it: higher levels need not be read.
  const levels = Math.min(index.levels, cards);
  for (let word = 0; word < index.wordCount; word += 1) {
    for (let level = 1; level <= levels; level += 1) {
      const servers = index.word(level, word, reading);
      if (servers === 0) break;
      missing -= countBits(servers);
      if (missing <= 0) return true;
    }
  }
  return false;
}

/** True when the servers of some supernode together have so many cards free throughout. */
function hasInSupernode({ index, supernodeServers }: PoolState, cards: number, reading: Reading): boolean {
  return supernodeServers.some((servers, supernode) => {
    if (!index.curves.hasInSupernode(supernode, cards, reading)) return false;
    let missing = cards;
    for (const server of servers) missing -= Math.max(0, index.lowestOn(server, reading));
    return missing <= 0;
  });
}

/** True when the index has room for a wish; where nothing takes a part of an hour, false only where there is none. */
export function hasKnownRoom(state: PoolState, { cards, topology }: Wish, reading: Reading): boolean {
  const { index } = state;
  switch (topology) {
    case 'any':
      return hasInAll(index, cards, reading);
    case 'same-server':
      return cards <= index.levels && hasServers(index, cards, 1, reading);
    case 'same-supernode':
      return hasInSupernode(state, cards, reading);
    case 'whole-servers':
      return hasServers(index, IDLE, Math.ceil(cards / (state.serverSize[0] ?? 1)), reading);
    default:
      return assertNever(topology);
  }
}

/** True when a request would be placed as things stand: what `place` would find, without looking where. */
export function hasRoom(state: PoolState, request: PlacementRequest, toBind: boolean): boolean {
  const { index } = state;
  if (index.knows(request.interval)) {
    const reading = readingOf(index.hours(request.interval));
    if (countedFree(state, reading) < request.cards) return false;
    const isKnown = hasKnownRoom(state, request, reading);
    if (isKnown && !toBind) return true;
    if (!isKnown && highestOf(index.curves.partlyTaken, reading) === 0) return false;
  }
  return (
    mostCards(state, levelsOf(state, freePerServer(state, request.interval, toBind)), request.topology) >= request.cards
  );
}
