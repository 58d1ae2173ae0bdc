import { LAYOUTS } from '#lib/core/topology.ts';
import type { QueuedJob, QueueSnapshot } from '../queue-types.ts';
import type { Share } from '../types.ts';

/** What a job needs to know of the pool to find its place. */
export type QueuePool = Pick<QueueSnapshot, 'serverSize' | 'supernodes' | 'supernodeSize'>;
type Gang = Pick<QueuedJob, 'cards' | 'topology'>;

/** The server with the fewest free cards that still has `cards`; -1 when none has. Ties go to the lowest ordinal. */
function tightest(free: Int32Array, cards: number, isTaken: (server: number) => boolean): number {
  let best = -1;
  for (let server = 0; server < free.length; server += 1) {
    const room = free[server] ?? 0;
    if (room < cards || isTaken(server)) continue;
    if (best === -1 || room < (free[best] ?? 0)) best = server;
  }
  return best;
}

/** Whether `cards` fit: less than a server on one server, more on idle servers with the rest on one more. */
function fitsAnywhere(free: Int32Array, serverSize: number, cards: number): boolean {
  const whole = Math.floor(cards / serverSize);
  const rest = cards % serverSize;
  let idle = 0;
  let hasRoomForRest = rest === 0;
  for (let server = 0; server < free.length; server += 1) {
    const room = free[server] ?? 0;
    if (room >= serverSize) idle += 1;
    else if (room >= rest) hasRoomForRest = true;
    if (idle > whole || (idle === whole && hasRoomForRest)) return true;
  }
  return false;
}

/** Where `cards` go by the rule of {@link fitsAnywhere}; null when they do not fit. Idle servers by ordinal. */
function fitAnywhere(free: Int32Array, serverSize: number, cards: number): Share[] | null {
  if (!fitsAnywhere(free, serverSize, cards)) return null;
  const whole = Math.floor(cards / serverSize);
  const rest = cards % serverSize;
  const shares: Share[] = [];
  for (let server = 0; server < free.length && shares.length < whole; server += 1)
    if ((free[server] ?? 0) >= serverSize) shares.push({ server, cards: serverSize });
  if (rest > 0) {
    const last = tightest(free, rest, (server) => shares.some((share) => share.server === server));
    shares.push({ server: last, cards: rest });
  }
  return shares;
}

/** What is free on the servers of one supernode, in their order. */
const roomsOf = (free: Int32Array, servers: readonly number[]): Int32Array =>
  Int32Array.from(servers, (server) => free[server] ?? 0);

const total = (rooms: Int32Array): number => rooms.reduce((sum, cards) => sum + Math.max(0, cards), 0);

/** The supernode with the fewest free cards that has room for all of them; ties to the lowest ordinal. */
function fitInSupernode(free: Int32Array, { supernodes, serverSize }: QueuePool, cards: number): Share[] | null {
  let best: Share[] | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const servers of supernodes) {
    const rooms = roomsOf(free, servers);
    const left = total(rooms);
    if (left >= fewest) continue;
    const shares = fitAnywhere(rooms, serverSize, cards);
    if (!shares) continue;
    best = shares.map((share) => ({ ...share, server: servers[share.server] ?? 0 }));
    fewest = left;
  }
  return best;
}

/** The supernodes of the largest size of which every card is free. */
function idleSupernodes(free: Int32Array, { supernodes, supernodeSize }: QueuePool): (readonly number[])[] {
  return supernodes.filter((servers) => total(roomsOf(free, servers)) === supernodeSize);
}

/** False when a job asks for more, or for another multiple, than its topology can be in any pool of these sizes. */
export function isPossible({ cards, topology }: Gang, { serverSize, supernodeSize }: QueuePool): boolean {
  const { within, whole } = LAYOUTS[topology];
  if (within === 'server') return cards <= serverSize;
  if (whole === 'server') return cards % serverSize === 0;
  return whole !== 'supernode' || cards % supernodeSize === 0;
}

/**
 * Whether a job fits into `free` cards per server, as a whole or not at all: on as few servers as hold it, all within
 * one supernode or on whole ones where it asks for that.
 */
export function fits(free: Int32Array, pool: QueuePool, job: Gang): boolean {
  if (!isPossible(job, pool)) return false;
  const { within, whole } = LAYOUTS[job.topology];
  if (whole === 'supernode') return idleSupernodes(free, pool).length * pool.supernodeSize >= job.cards;
  if (within !== 'supernode') return fitsAnywhere(free, pool.serverSize, job.cards);
  return pool.supernodes.some((servers) => fitsAnywhere(roomsOf(free, servers), pool.serverSize, job.cards));
}

/** Where a job goes by the rule of {@link fits}; null when it does not fit. */
export function fitOn(free: Int32Array, pool: QueuePool, job: Gang): Share[] | null {
  if (!isPossible(job, pool)) return null;
  const { within, whole } = LAYOUTS[job.topology];
  if (whole === 'supernode') {
    const idle = idleSupernodes(free, pool);
    const needed = job.cards / pool.supernodeSize;
    if (idle.length < needed) return null;
    return idle
      .slice(0, needed)
      .flat()
      .map((server) => ({ server, cards: free[server] ?? 0 }));
  }
  if (within === 'supernode') return fitInSupernode(free, pool, job.cards);
  return fitAnywhere(free, pool.serverSize, job.cards);
}
