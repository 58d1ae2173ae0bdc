import { LAYOUTS } from '#lib/core/topology.ts';
import type { QueuedJob, QueueSnapshot } from '../queue-types.ts';
import type { Share } from '../types.ts';

/** What a job needs to know of the pool to find its place. */
export type QueuePool = Pick<QueueSnapshot, 'serverSize' | 'supernodes' | 'supernodeSize'>;
type Gang = Pick<QueuedJob, 'cards' | 'topology'>;

/** Servers by ordinal; null: all of the pool. */
type Among = readonly number[] | null;

const countOf = (free: Int32Array, among: Among): number => among?.length ?? free.length;
const serverAt = (among: Among, i: number): number => (among ? (among[i] ?? 0) : i);

/** The server with the fewest free cards that still has `cards`; -1 when none has. Ties go to the first. */
function tightest(free: Int32Array, among: Among, cards: number, isTaken: (server: number) => boolean): number {
  let best = -1;
  for (let i = 0, count = countOf(free, among); i < count; i += 1) {
    const server = serverAt(among, i);
    const room = free[server] ?? 0;
    if (room < cards || (best !== -1 && room >= (free[best] ?? 0)) || isTaken(server)) continue;
    best = server;
  }
  return best;
}

/** Whether `cards` fit among servers: less than a server on one server, more on idle servers with the rest on one more. */
function fitsAmong(free: Int32Array, among: Among, serverSize: number, cards: number): boolean {
  const whole = Math.floor(cards / serverSize);
  const rest = cards % serverSize;
  let idle = 0;
  let hasRoomForRest = rest === 0;
  for (let i = 0, count = countOf(free, among); i < count; i += 1) {
    const room = free[serverAt(among, i)] ?? 0;
    if (room >= serverSize) idle += 1;
    else if (room >= rest) hasRoomForRest = true;
    if (idle > whole || (idle === whole && hasRoomForRest)) return true;
  }
  return false;
}

/** Where `cards` go by the rule of {@link fitsAmong}; null when they do not fit. Idle servers in their order. */
function fitAmong(free: Int32Array, among: Among, serverSize: number, cards: number): Share[] | null {
  if (!fitsAmong(free, among, serverSize, cards)) return null;
  const whole = Math.floor(cards / serverSize);
  const rest = cards % serverSize;
  const shares: Share[] = [];
  for (let i = 0, count = countOf(free, among); i < count && shares.length < whole; i += 1) {
    const server = serverAt(among, i);
    if ((free[server] ?? 0) >= serverSize) shares.push({ server, cards: serverSize });
  }
  if (rest > 0) {
    const last = tightest(free, among, rest, (server) => shares.some((share) => share.server === server));
    shares.push({ server: last, cards: rest });
  }
  return shares;
}

/** What is free on some servers together. */
function total(free: Int32Array, servers: readonly number[]): number {
  let sum = 0;
  for (const server of servers) sum += Math.max(0, free[server] ?? 0);
  return sum;
}

/** In the supernode with the fewest free cards that has room for all of them; ties to the lowest ordinal. */
function fitInSupernode(free: Int32Array, { supernodes, serverSize }: QueuePool, cards: number): Share[] | null {
  let best: readonly number[] | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const servers of supernodes) {
    const left = total(free, servers);
    if (left < cards || left >= fewest || !fitsAmong(free, servers, serverSize, cards)) continue;
    best = servers;
    fewest = left;
  }
  return best && fitAmong(free, best, serverSize, cards);
}

/** The supernodes of the largest size of which every card is free. */
function idleSupernodes(free: Int32Array, { supernodes, supernodeSize }: QueuePool): (readonly number[])[] {
  return supernodes.filter((servers) => total(free, servers) === supernodeSize);
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
  if (within !== 'supernode') return fitsAmong(free, null, pool.serverSize, job.cards);
  return pool.supernodes.some((servers) => fitsAmong(free, servers, pool.serverSize, job.cards));
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
  return fitAmong(free, null, pool.serverSize, job.cards);
}
