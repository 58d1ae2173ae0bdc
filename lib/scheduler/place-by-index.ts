import { assertNever } from '#lib/core/assert.ts';
import { LAYOUTS } from '#lib/core/topology.ts';
import { lowestBit, withoutLowestBit } from './bits.ts';
import { isBoundByStart, unboundCards } from './free.ts';
import { IDLE } from './free-words.ts';
import { lowestOf } from './hour-window.ts';
import type { KnownRoom } from './known-room.ts';
import type { PoolState } from './pool-state.ts';
import { SupernodeChoice } from './supernode-choice.ts';
import { countServers } from './supernode-counts.ts';
import type { PlacementRequest, Share } from './types.ts';
import { placeWholeSupernodes } from './whole-supernodes.ts';

/** One placement that is being looked for. */
type Search = {
  readonly state: PoolState;
  readonly request: PlacementRequest;
  readonly room: KnownRoom;
  /** The cards are bound at once, so each must be free of bindings throughout. */
  readonly toBind: boolean;
};

/** The first of some servers of a word that can really be taken; null when none can. */
function firstTaken({ state, request, toBind }: Search, word: number, servers: number, cards: number): number | null {
  for (let rest = servers; rest !== 0; rest = withoutLowestBit(rest)) {
    const server = word * 32 + lowestBit(rest);
    const isFree = !toBind || isBoundByStart(state, server, request.interval);
    if (isFree || unboundCards(state, server, request.interval).length >= cards) return server;
  }
  return null;
}

/** Numbers of words, rising, and beside them some of their servers as bits. */
type Servers = { readonly words: number[]; readonly bits: number[] };

/** Of servers of which all is free, the lowest of the supernode that is broken up least. */
function ofLeastBroken({ state, room }: Search, { words, bits }: Servers): number | null {
  const counts = new Int16Array(state.supernodeCount);
  for (let i = 0; i < words.length; i += 1) countServers(state, counts, words[i] ?? 0, bits[i] ?? 0);
  const supernode = new SupernodeChoice(state, counts, room.reading).forAll(1);
  for (let i = 0; i < words.length; i += 1) {
    for (let rest = bits[i] ?? 0; rest !== 0; ) {
      const server = (words[i] ?? 0) * 32 + lowestBit(rest);
      if (state.serverSupernode[server] === supernode) return server;
      rest &= ~(state.serverPeers[server] ?? -1);
    }
  }
  return null;
}

/** Servers as bits, by word; null for none. */
function bitsOf(servers: readonly number[], wordCount: number): Int32Array | null {
  if (servers.length === 0) return null;
  const bits = new Int32Array(wordCount);
  for (const server of servers) bits[server >> 5] = (bits[server >> 5] ?? 0) | (1 << (server & 31));
  return bits;
}

/**
 * The tightest server that fits: the one with the fewest cards free, the lowest of several; where a server of which
 * nothing is taken must be begun, one of the supernode that is broken up least.
 */
function tightestServer(search: Search, cards: number, except: readonly number[] = []): number | null {
  const { room } = search;
  const { index } = room;
  const used = bitsOf(except, index.wordCount);
  // Those with more cards free than have been looked at.
  const [words, bits]: [number[], number[]] = [[], []];
  for (let word = 0; word < index.wordCount; word += 1) {
    const servers = room.word(cards, word) & ~(used?.[word] ?? 0);
    if (servers === 0) continue;
    const roomier = cards < index.levels ? room.word(cards + 1, word) & servers : servers;
    const found = firstTaken(search, word, servers & ~roomier, cards);
    if (found !== null) return found;
    if (roomier === 0) continue;
    words.push(word);
    bits.push(roomier);
  }
  for (let level = cards + 1; level < index.levels && words.length > 0; level += 1) {
    let left = 0;
    for (let i = 0; i < words.length; i += 1) {
      const [word, servers] = [words[i] ?? 0, bits[i] ?? 0];
      const roomier = room.word(level + 1, word) & servers;
      const found = firstTaken(search, word, servers & ~roomier, cards);
      if (found !== null) return found;
      if (roomier === 0) continue;
      words[left] = word;
      bits[left] = roomier;
      left += 1;
    }
    words.length = left;
    bits.length = left;
  }
  return words.length === 0 ? null : ofLeastBroken(search, { words, bits });
}

/** How many servers are idle in all and in each supernode, and which of each 32 servers are. */
type Idle = { readonly count: number; readonly counts: Int16Array; readonly words: Int32Array };

function idleCounts({ state, room }: Search): Idle {
  const { index } = state;
  const counts = new Int16Array(state.supernodeCount);
  const words = room.allWords(IDLE);
  let count = 0;
  for (let word = 0; word < index.wordCount; word += 1) {
    const idle = words[word] ?? 0;
    if (idle !== 0) count += countServers(state, counts, word, idle);
  }
  return { count, counts, words };
}

const isSet = (words: Int32Array, server: number): boolean => ((words[server >> 5] ?? 0) & (1 << (server & 31))) !== 0;

function idleIn(state: PoolState, words: Int32Array, supernode: number, most: number): number[] {
  const idle: number[] = [];
  for (const server of state.supernodeServers[supernode] ?? []) {
    if (idle.length === most) break;
    if (isSet(words, server)) idle.push(server);
  }
  return idle;
}

/**
 * Idle servers of the fewest supernodes that together suffice: until one holds all that is missing, the one with the most
 * gives all; of those that hold it, the one that is broken up least. Null when there are not so many.
 */
function idleServers(search: Search, needed: number): number[] | null {
  const { state, room } = search;
  const { reading } = room;
  if (lowestOf(state.index.curves.idleServers, reading) < needed) return null;
  const { count, counts, words } = idleCounts(search);
  if (count < needed) return null;
  const choice = new SupernodeChoice(state, counts, reading);
  const used = new Set<number>();
  const chosen: number[] = [];
  while (chosen.length < needed) {
    const missing = needed - chosen.length;
    const supernode = choice.forAll(missing, used) ?? choice.roomiest(used);
    if (supernode === null) return null;
    used.add(supernode);
    for (const server of idleIn(state, words, supernode, missing)) chosen.push(server);
  }
  return chosen;
}

/** Idle servers of one supernode, of the one that is broken up least; null when none has so many. */
function idleTogether(search: Search, needed: number): number[] | null {
  const { state, room } = search;
  const { reading } = room;
  if (lowestOf(state.index.curves.idleServers, reading) < needed) return null;
  const { counts, words } = idleCounts(search);
  const best = new SupernodeChoice(state, counts, reading).forAll(needed);
  return best === null ? null : idleIn(state, words, best, needed);
}

function wholeServers(servers: readonly number[] | null, size: number): Share[] | null {
  return servers?.map((server) => ({ server, cards: size })) ?? null;
}

function wholeSupernodes(search: Search): Share[] | null {
  const { state, room, request } = search;
  if (lowestOf(state.index.curves.idleSupernodes, room.reading) < request.cards / state.supernodeSize) return null;
  const words = room.allWords(IDLE);
  return placeWholeSupernodes(state, (server) => isSet(words, server), request.cards);
}

/** Whole servers, and one more for what is left. */
function wholeAndRest(search: Search, size: number): Share[] | null {
  const { cards } = search.request;
  const whole = idleServers(search, Math.floor(cards / size));
  const shares = wholeServers(whole, size);
  if (!whole || !shares || cards % size === 0) return shares;
  const last = tightestServer(search, cards % size, whole);
  return last === null ? null : [...shares, { server: last, cards: cards % size }];
}

/**
 * Places a request in room that the index knows of. Null when there is none of the plain kinds: one server, or idle
 * servers and one for the rest. Deterministic: whole numbers, ties to the lowest ordinal.
 */
export function placeByIndex(
  state: PoolState,
  request: PlacementRequest,
  room: KnownRoom,
  toBind: boolean,
): Share[] | null {
  const search = { state, request, room, toBind };
  const { cards, topology } = request;
  const size = state.serverSize[0] ?? 1;
  if (LAYOUTS[topology].whole === null && cards <= state.index.levels) {
    const server = tightestServer(search, cards);
    return server === null ? null : [{ server, cards }];
  }
  switch (topology) {
    case 'same-server':
      return null;
    case 'any':
      return wholeAndRest(search, size);
    case 'whole-servers':
      return wholeServers(idleServers(search, cards / size), size);
    case 'whole-supernodes':
      return wholeSupernodes(search);
    case 'same-supernode':
      return cards % size === 0 ? wholeServers(idleTogether(search, cards / size), size) : null;
    default:
      return assertNever(topology);
  }
}
