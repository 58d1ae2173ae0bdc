import type { Instant } from '#lib/core/instant.ts';
import { LAYOUTS } from '#lib/core/topology.ts';
import type { QueuedJob, QueueSnapshot } from '../queue-types.ts';
import { isPossible } from './fit.ts';
import type { ServerTimes } from './server-times.ts';
import { Starts } from './starts.ts';

/** A job, as far as it says what room it needs. */
export type Wish = Pick<QueuedJob, 'cards' | 'topology' | 'walltimeMs'>;
type QueuePool = Pick<QueueSnapshot, 'serverSize' | 'serverCards' | 'supernodes' | 'supernodeSize'>;
/** Servers by ordinal, and what comes to be free on them. */
type Servers = { readonly times: ServerTimes; readonly among: readonly number[] };

/** Adds the starts at which a wish fits among servers: idle ones, and one more for what is left. */
function addAmong(starts: Starts, { times, among }: Servers, serverSize: number, { cards, walltimeMs }: Wish): void {
  const [whole, rest] = [Math.floor(cards / serverSize), cards % serverSize];
  const bounds: Starts[] = [];
  const need = (level: number, count: number): void => {
    const each = new Starts();
    for (const server of among) times.addStarts(each, server, level, walltimeMs);
    const enough = new Starts();
    enough.addWhereAtLeast(count, each);
    bounds.push(enough);
  };
  if (whole > 0) need(serverSize, whole);
  // An idle server has room for the rest as well, so there must be one more of those that have.
  if (rest > 0) need(rest, whole + 1);
  const both = new Starts();
  for (const bound of bounds) both.addAll(bound);
  starts.addWhereAtLeast(bounds.length, both);
}

/** Adds the starts at which so many supernodes of the largest size are idle. */
function addSupernodes(starts: Starts, times: ServerTimes, pool: QueuePool, { cards, walltimeMs }: Wish): void {
  const idle = new Starts();
  for (const servers of pool.supernodes) {
    const usable = servers.filter((server) => (pool.serverCards[server] ?? 0) > 0);
    if (usable.reduce((sum, server) => sum + (pool.serverCards[server] ?? 0), 0) !== pool.supernodeSize) continue;
    const each = new Starts();
    for (const server of usable) times.addStarts(each, server, pool.serverCards[server] ?? 0, walltimeMs);
    idle.addWhereAtLeast(usable.length, each);
  }
  starts.addWhereAtLeast(cards / pool.supernodeSize, idle);
}

/**
 * The first instant from now on at which a job fits for its whole walltime, by the rule of `fits`; null when there is none.
 * It is now, or an instant at which something comes free.
 */
export function firstTimeFor(times: ServerTimes, pool: QueuePool, job: Wish): Instant | null {
  if (!isPossible(job, pool)) return null;
  const { within, whole } = LAYOUTS[job.topology];
  const starts = new Starts();
  if (whole === 'supernode') addSupernodes(starts, times, pool, job);
  else if (within !== 'supernode') addAmong(starts, { times, among: everyServer(pool) }, pool.serverSize, job);
  else for (const among of pool.supernodes) addAmong(starts, { times, among }, pool.serverSize, job);
  return starts.first() as Instant | null;
}

function everyServer({ serverCards }: QueuePool): number[] {
  return serverCards.map((_, server) => server);
}
