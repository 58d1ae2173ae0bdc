import type { Gang, Level, Topology } from '#lib/core/topology.ts';
import type { FreePerLevel } from '#lib/reservations/explanation.ts';
import { everyServer, type FreeServers } from './free.ts';
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

/** Counts the levels over what servers have free during all of the wanted time. */
export function levelsOf(state: PoolState, free: FreeServers, gang?: Gang): Levels {
  const { serverSupernode, serverSize } = state;
  const { free: sums, idle } = state.supernodeScratch;
  let [together, largestOnServer, largestOnSupernode, idleServers, idleSupernodes] = [0, 0, 0, 0, 0];
  for (let i = 0; i < free.servers.length; i += 1) {
    const [server, room] = [free.servers[i] ?? 0, free.cards[i] ?? 0];
    const supernode = serverSupernode[server] ?? 0;
    const sum = (sums[supernode] ?? 0) + room;
    sums[supernode] = sum;
    together += room;
    if (room > largestOnServer) largestOnServer = room;
    if (sum > largestOnSupernode) largestOnSupernode = sum;
    if (room !== serverSize[server]) continue;
    idleServers += 1;
    const count = (idle[supernode] ?? 0) + 1;
    idle[supernode] = count;
    const isWhole = count === state.supernodeServers[supernode]?.length;
    if (isWhole && state.supernodeCards[supernode] === state.supernodeSize) idleSupernodes += 1;
  }
  for (let i = 0; i < free.servers.length; i += 1) {
    const supernode = serverSupernode[free.servers[i] ?? 0] ?? 0;
    sums[supernode] = 0;
    idle[supernode] = 0;
  }
  const inSegments = gang?.segmentCards ? segmentsOf(state, free, gang.segmentCards) : null;
  return { together, largestOnServer, largestOnSupernode, idleServers, idleSupernodes, inSegments };
}

function segmentsOf(state: PoolState, free: FreeServers, segmentCards: number): Levels['inSegments'] {
  const all = everyServer(state, free);
  const inAll = (level: Level): number => cardsIn(state, all, segmentCards, level);
  return { server: inAll('server'), supernode: inAll('supernode') };
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
