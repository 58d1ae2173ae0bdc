import { LAYOUTS, type Level } from '#lib/core/topology.ts';
import { roomiestFirst } from './place-on-servers.ts';
import type { PoolState } from './pool-state.ts';
import type { PlacementRequest, Share } from './types.ts';

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

/** How many segments of so many cards the servers of a supernode have room for, each on one server or in all of it. */
export function segmentsIn(free: ArrayLike<number>, servers: readonly number[], cards: number, level: Level): number {
  const rooms = servers.map((server) => free[server] ?? 0);
  return level === 'server' ? sum(rooms.map((room) => Math.floor(room / cards))) : Math.floor(sum(rooms) / cards);
}

/**
 * Segments on servers, of which each may hold several: servers that are begun come first, the tightest first, then idle
 * ones, of the supernode with the fewest idle ones first. Ties to the lowest ordinal.
 */
function onServers(
  state: PoolState,
  free: ArrayLike<number>,
  servers: readonly number[],
  count: number,
  cards: number,
) {
  const isIdle = (server: number): boolean => free[server] === state.serverSize[server];
  const homeOf = (server: number): number => state.serverSupernode[server] ?? 0;
  const idle = new Map<number, number>();
  for (const server of servers) if (isIdle(server)) idle.set(homeOf(server), (idle.get(homeOf(server)) ?? 0) + 1);
  const order = servers
    .filter((server) => (free[server] ?? 0) >= cards)
    .map((server) => ({ server, room: free[server] ?? 0, idle: isIdle(server) ? (idle.get(homeOf(server)) ?? 0) : 0 }))
    .sort((a, b) => a.idle - b.idle || a.room - b.room || a.server - b.server);
  const shares: Share[] = [];
  let missing = count;
  for (const { server, room } of order) {
    const taken = Math.min(missing, Math.floor(room / cards));
    if (taken > 0) shares.push({ server, cards: taken * cards });
    missing -= taken;
  }
  return shares;
}

/** A supernode that has room for so many segments, the tightest; null when none has. */
function tightestSupernode(rooms: readonly number[], count: number): number | null {
  let best: number | null = null;
  rooms.forEach((room, supernode) => {
    if (room >= count && (best === null || room < (rooms[best] ?? 0))) best = supernode;
  });
  return best;
}

/** Segments in supernodes, of the fewest that suffice: the roomiest until one holds the rest, and of those the tightest. */
function inSupernodes(state: PoolState, free: ArrayLike<number>, rooms: number[], count: number, cards: number) {
  const shares: Share[] = [];
  const left = [...rooms];
  for (let missing = count; missing > 0; ) {
    const supernode = tightestSupernode(left, missing) ?? left.indexOf(Math.max(...left));
    const taken = Math.min(missing, left[supernode] ?? 0);
    const members = (state.supernodeServers[supernode] ?? []).map((server) => ({ server, free: free[server] ?? 0 }));
    shares.push(...(roomiestFirst(members, taken * cards) ?? []));
    left[supernode] = 0;
    missing -= taken;
  }
  return shares;
}

/**
 * Places a gang in segments of so many cards, each within what its topology bounds it to, on servers with `free[server]`
 * cards each. `isTogether`: all of them in one supernode. Null when they do not fit.
 */
export function placeSegments(
  state: PoolState,
  free: ArrayLike<number>,
  { cards, topology }: Pick<PlacementRequest, 'cards' | 'topology'>,
  segmentCards: number,
  isTogether: boolean,
): Share[] | null {
  const { within, whole } = LAYOUTS[topology];
  const level = whole ?? within;
  const count = cards / segmentCards;
  const rooms = state.supernodeServers.map((servers) => segmentsIn(free, servers, segmentCards, level));
  const only = isTogether ? tightestSupernode(rooms, count) : null;
  if (isTogether ? only === null : sum(rooms) < count) return null;
  if (level === 'server') {
    const servers = only === null ? [...state.serverSize.keys()] : (state.supernodeServers[only] ?? []);
    return onServers(state, free, servers, count, segmentCards);
  }
  return inSupernodes(state, free, rooms, count, segmentCards);
}
