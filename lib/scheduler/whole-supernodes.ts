import { hasUnbound } from './free.ts';
import type { Reading } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';
import type { PlacementRequest, Share } from './types.ts';

/** Idle supernodes by pod, lowest ordinals first. Smaller ones than the largest are not sold whole. */
function idleByPod(state: PoolState, isIdle: (server: number) => boolean): number[][] {
  const pods = new Map<number, number[]>();
  state.supernodeServers.forEach((servers, supernode) => {
    if (state.supernodeCards[supernode] !== state.supernodeSize || !servers.every(isIdle)) return;
    const pod = state.serverPod[servers[0] ?? 0] ?? 0;
    pods.set(pod, [...(pods.get(pod) ?? []), supernode]);
  });
  return [...pods.values()];
}

/** Every server of supernodes, as a whole. */
export function allOf(state: PoolState, supernodes: readonly number[]): Share[] {
  return supernodes
    .flatMap((supernode) => state.supernodeServers[supernode] ?? [])
    .map((server) => ({ server, cards: state.serverSize[server] ?? 0 }));
}

/**
 * Supernodes of which every server is idle, for so many cards: of the fewest pods that together suffice, the pod with the
 * fewest that holds all that is missing last; ties to the lowest ordinal. Null when there are not so many.
 */
export function placeWholeSupernodes(
  state: PoolState,
  isIdle: (server: number) => boolean,
  cards: number,
): Share[] | null {
  let missing = cards / state.supernodeSize;
  if (!Number.isInteger(missing)) return null;
  const pods = idleByPod(state, isIdle);
  const chosen: number[] = [];
  while (missing > 0) {
    const holdsAll = (pod: readonly number[]): boolean => pod.length >= missing;
    const [best] = pods.sort((a, b) => {
      if (holdsAll(a) !== holdsAll(b)) return holdsAll(a) ? -1 : 1;
      return (holdsAll(a) ? a.length - b.length : b.length - a.length) || (a[0] ?? 0) - (b[0] ?? 0);
    });
    if (!best) return null;
    chosen.push(...best.slice(0, missing));
    missing -= Math.min(missing, best.length);
    pods.shift();
  }
  return allOf(state, chosen);
}

/**
 * Supernodes that would be empty if tentative promises moved: those with the most free, and instead of the last of them
 * the next. Ties to the lowest ordinal.
 */
export function* roomiestSupernodes(
  state: PoolState,
  { cards, interval }: PlacementRequest,
  reading: Reading,
): Generator<Share[]> {
  const needed = cards / state.supernodeSize;
  const free = (servers: readonly number[]): number =>
    servers.reduce((sum, server) => sum + Math.max(0, state.index.lowestOn(server, reading)), 0);
  const movable = state.supernodeServers
    .map((servers, supernode) => ({ servers, supernode }))
    .filter(({ supernode }) => state.supernodeCards[supernode] === state.supernodeSize)
    .filter(({ servers }) => servers.every((each) => hasUnbound(state, each, interval, state.serverSize[each] ?? 0)))
    .map(({ servers, supernode }) => ({ supernode, free: free(servers) }))
    .sort((a, b) => b.free - a.free || a.supernode - b.supernode)
    .map(({ supernode }) => supernode);
  if (movable.length < needed || !Number.isInteger(needed)) return;
  yield allOf(state, movable.slice(0, needed));
  for (const next of movable.slice(needed)) yield allOf(state, [...movable.slice(0, needed - 1), next]);
}

/** For each supernode that is sold whole, its servers as bits of words of 32 servers. */
export type SupernodeWords = readonly (readonly (readonly [word: number, servers: number])[])[];

export function wordsOfSupernodes(state: PoolState): SupernodeWords {
  const whole = state.supernodeServers.filter((_, node) => state.supernodeCards[node] === state.supernodeSize);
  return whole.map((servers) => {
    const words = new Map<number, number>();
    for (const server of servers) words.set(server >> 5, (words.get(server >> 5) ?? 0) | (1 << (server & 31)));
    return [...words];
  });
}

/** How many supernodes have all their servers among those of words. */
export function countWhole(words: Int32Array, all: SupernodeWords): number {
  const isWhole = ([word, servers]: readonly [number, number]): boolean => ((words[word] ?? 0) & servers) === servers;
  return all.reduce((count, own) => count + (own.every(isWhole) ? 1 : 0), 0);
}
