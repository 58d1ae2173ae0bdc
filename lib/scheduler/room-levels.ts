import type { Gang, Level, Topology } from '#lib/core/topology.ts';
import type { FreePerLevel } from '#lib/reservations/explanation.ts';
import { segmentsIn } from './place-segments.ts';
import type { PoolState } from './pool-state.ts';

/** What is free together, level by level, with the sum over all servers. */
export type Levels = Omit<FreePerLevel, 'cards'> & {
  readonly together: number;
  /** Cards that fit in segments, each on one server or in one supernode; null: nothing is asked for in segments. */
  readonly inSegments: { readonly server: number; readonly supernode: number } | null;
};

/** Cards that fit in segments of so many, each within a level. */
function cardsIn(state: PoolState, free: ArrayLike<number>, segmentCards: number, level: Level): number {
  const count = (servers: readonly number[]): number => segmentsIn(free, servers, segmentCards, level);
  return segmentCards * state.supernodeServers.reduce((sum, servers) => sum + count(servers), 0);
}

/** Counts the levels over what each server has free during all of the wanted time. */
export function levelsOf(state: PoolState, free: ArrayLike<number>, gang?: Gang): Levels {
  const sums = new Int32Array(state.supernodeCount);
  const busy = new Uint8Array(state.supernodeCount);
  let [together, largestOnServer, idleServers] = [0, 0, 0];
  for (let server = 0; server < state.serverCount; server += 1) {
    const room = free[server] ?? 0;
    const supernode = state.serverSupernode[server] ?? 0;
    together += room;
    sums[supernode] = (sums[supernode] ?? 0) + room;
    if (room > largestOnServer) largestOnServer = room;
    if (room > 0 && room === state.serverSize[server]) idleServers += 1;
    else busy[supernode] = 1;
  }
  let [largestOnSupernode, idleSupernodes] = [0, 0];
  sums.forEach((sum, supernode) => {
    if (sum > largestOnSupernode) largestOnSupernode = sum;
    if (busy[supernode] === 0 && state.supernodeCards[supernode] === state.supernodeSize) idleSupernodes += 1;
  });
  const segmentCards = gang?.segmentCards ?? null;
  const inSegments =
    segmentCards === null
      ? null
      : {
          server: cardsIn(state, free, segmentCards, 'server'),
          supernode: cardsIn(state, free, segmentCards, 'supernode'),
        };
  return { together, largestOnServer, largestOnSupernode, idleServers, idleSupernodes, inSegments };
}

/** The most cards that can be placed in a topology. Placement finds room for exactly as many and for all fewer. */
export function mostCards(state: PoolState, levels: Levels, topology: Topology): number {
  switch (topology) {
    case 'any':
      return levels.together;
    case 'same-server':
      return levels.inSegments?.server ?? levels.largestOnServer;
    case 'same-supernode':
      return levels.inSegments?.supernode ?? levels.largestOnSupernode;
    case 'whole-servers':
      return levels.idleServers * (state.serverSize[0] ?? 1);
    case 'whole-supernodes':
      return levels.idleSupernodes * state.supernodeSize;
  }
}
