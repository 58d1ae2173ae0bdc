import { assertNever } from '#lib/core/assert.ts';
import type { PoolState } from './pool-state.ts';
import type { PlacementRequest, Share } from './types.ts';
import { placeWholeSupernodes } from './whole-supernodes.ts';

type Candidate = { readonly server: number; readonly free: number };

/** Free cards per supernode, summed over its servers. */
function freePerSupernode(state: PoolState, free: Int16Array): Int32Array {
  const sums = new Int32Array(state.supernodeCount);
  free.forEach((cards, server) => {
    const supernode = state.serverSupernode[server] ?? 0;
    sums[supernode] = (sums[supernode] ?? 0) + cards;
  });
  return sums;
}

/** Tightest server that fits, then tightest supernode, then lowest ordinal: one total order, so the answer is unique. */
function tightestServer(
  state: PoolState,
  free: Int16Array,
  cards: number,
  sums: Int32Array,
  supernode: number | null,
): number | null {
  let best: number | null = null;
  for (let server = 0; server < free.length; server += 1) {
    const room = free[server] ?? 0;
    const home = state.serverSupernode[server] ?? 0;
    if (room < cards || (supernode !== null && home !== supernode)) continue;
    if (best === null) best = server;
    const bestRoom = free[best] ?? 0;
    const bestHome = state.serverSupernode[best] ?? 0;
    if (room < bestRoom || (room === bestRoom && (sums[home] ?? 0) < (sums[bestHome] ?? 0))) best = server;
  }
  return best;
}

/** Idle servers grouped by supernode: those of the fewest, fullest groups that together suffice. */
function idleServers(state: PoolState, free: Int16Array, needed: number): number[] | null {
  const groups = new Map<number, number[]>();
  for (let server = 0; server < free.length; server += 1) {
    if (free[server] !== state.serverSize[server] || free[server] === 0) continue;
    const supernode = state.serverSupernode[server] ?? 0;
    groups.set(supernode, [...(groups.get(supernode) ?? []), server]);
  }
  const chosen: number[] = [];
  const order = [...groups.values()].sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
  while (chosen.length < needed) {
    const missing = needed - chosen.length;
    // The smallest group that holds all that is missing ends the search; until then the largest group is taken whole.
    const enough = order.filter((group) => group.length >= missing);
    const group = enough.find(({ length }) => length === enough.at(-1)?.length) ?? order.shift();
    if (!group) return null;
    chosen.push(...group.slice(0, missing));
  }
  return chosen;
}

/** Fills from the roomiest server down, so that a request that must be cut is cut into few pieces. */
export function roomiestFirst(candidates: Candidate[], cards: number): Share[] | null {
  const shares: Share[] = [];
  let missing = cards;
  for (const { server, free } of candidates.sort((a, b) => b.free - a.free || a.server - b.server)) {
    if (missing === 0) break;
    const taken = Math.min(free, missing);
    if (taken > 0) shares.push({ server, cards: taken });
    missing -= taken;
  }
  return missing === 0 ? shares : null;
}

function placeAnywhere(state: PoolState, free: Int16Array, cards: number): Share[] | null {
  const sums = freePerSupernode(state, free);
  const single = tightestServer(state, free, cards, sums, null);
  if (single !== null) return [{ server: single, cards }];
  const size = state.serverSize[0] ?? 1;
  const whole = idleServers(state, free, Math.floor(cards / size));
  const rest = cards % size;
  if (whole) {
    const shares = whole.map((server) => ({ server, cards: size }));
    if (rest === 0) return shares;
    const left = Int16Array.from(free);
    for (const server of whole) left[server] = 0;
    const last = tightestServer(state, left, rest, freePerSupernode(state, left), null);
    if (last !== null) return [...shares, { server: last, cards: rest }];
  }
  const candidates: Candidate[] = [];
  for (let server = 0; server < free.length; server += 1)
    if ((free[server] ?? 0) > 0) candidates.push({ server, free: free[server] ?? 0 });
  return roomiestFirst(candidates, cards);
}

function placeInSupernode(state: PoolState, free: Int16Array, cards: number): Share[] | null {
  const sums = freePerSupernode(state, free);
  let best: number | null = null;
  sums.forEach((room, supernode) => {
    if (room >= cards && (best === null || room < (sums[best] ?? 0))) best = supernode;
  });
  if (best === null) return null;
  const single = tightestServer(state, free, cards, sums, best);
  if (single !== null) return [{ server: single, cards }];
  const members = Array.from(free, (room, server) => ({ server, free: room })).filter(
    ({ server }) => state.serverSupernode[server] === best,
  );
  return roomiestFirst(members, cards);
}

function placeWholeServers(state: PoolState, free: Int16Array, cards: number): Share[] | null {
  const size = state.serverSize[0] ?? 1;
  const servers = idleServers(state, free, cards / size);
  return servers?.map((server) => ({ server, cards: size })) ?? null;
}

/**
 * Places a request on servers with `free[server]` cards each; null when it does not fit. Deterministic: integer
 * comparisons, ties to the lowest ordinal. Prefers the tightest fit, so that large holes stay large.
 */
export function placeOn(
  state: PoolState,
  free: Int16Array,
  request: Pick<PlacementRequest, 'cards' | 'topology'>,
): Share[] | null {
  switch (request.topology) {
    case 'any':
      return placeAnywhere(state, free, request.cards);
    case 'same-server': {
      const server = tightestServer(state, free, request.cards, freePerSupernode(state, free), null);
      return server === null ? null : [{ server, cards: request.cards }];
    }
    case 'same-supernode':
      return placeInSupernode(state, free, request.cards);
    case 'whole-servers':
      return placeWholeServers(state, free, request.cards);
    case 'whole-supernodes':
      return placeWholeSupernodes(state, (server) => free[server] === state.serverSize[server], request.cards);
    default:
      return assertNever(request.topology);
  }
}
