import fc from 'fast-check';
import { expect, test } from 'vitest';
import { freeOnServer, freeServers } from './free.ts';
import type { PoolState } from './pool-state.ts';
import { type Levels, levelsOf } from './room-levels.ts';
import { interval, SERVERS, smallPool, SUPERNODE_SIZE, take, taken } from './testing-pool.ts';

/** The levels from what every server says of itself, supernode after supernode. */
function plainly(state: PoolState, free: readonly number[]): Levels {
  const supernodes = state.supernodeServers.map((servers) => servers.map((server) => free[server] ?? 0));
  const sum = (rooms: readonly number[]): number => rooms.reduce((a, b) => a + b, 0);
  const isIdle = (server: number): boolean => free[server] === state.serverSize[server];
  const whole = state.supernodeServers.filter(
    (servers, supernode) => state.supernodeCards[supernode] === SUPERNODE_SIZE && servers.every(isIdle),
  );
  return {
    together: sum(free),
    largestOnServer: Math.max(...free),
    largestOnSupernode: Math.max(...supernodes.map(sum)),
    idleServers: free.filter((_, server) => isIdle(server)).length,
    idleSupernodes: whole.length,
    inSegments: {
      server: 2 * sum(free.map((room) => Math.floor(room / 2))),
      supernode: 2 * sum(supernodes.map((rooms) => Math.floor(sum(rooms) / 2))),
    },
  };
}

test('levels counted over the servers that have something free are those counted over all', () => {
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 25 }), interval, fc.boolean(), (all, during, toBind) => {
      const state = smallPool();
      all.forEach((each, i) => {
        take(state, each, i);
      });
      const asked = Array.from({ length: SERVERS }, (_, server) => freeOnServer(state, server, during, toBind));
      const gang = { segmentCards: 2, preferred: null };
      expect(levelsOf(state, freeServers(state, during, toBind), gang)).toEqual(plainly(state, asked));
    }),
    { numRuns: 300 },
  );
});
