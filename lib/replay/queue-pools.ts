import { readHelios } from './helios.ts';
import type { ReplayPool } from './queue-replay.ts';
import { type QueueTraceJob, TraceError } from './queue-trace.ts';
import { readSwf } from './swf.ts';

/** A trace with the pools that its jobs run on. */
export type QueuePools = {
  readonly kind: 'helios' | 'swf';
  readonly pools: readonly {
    readonly name: string;
    readonly pool: ReplayPool;
    readonly jobs: readonly QueueTraceJob[];
  }[];
  /** Lines of the trace that were never run. */
  readonly skipped: number;
};

/** Cards of a server where a CSV trace does not tell. */
const CARDS_PER_SERVER = 8;

/**
 * Reads a trace by its content: SWF when its first line of data has no comma, else Helios CSV. An SWF machine is one
 * flat pool. The tenants of a CSV trace are pools of their own, as large as its comments say; with `cards`, all jobs
 * share one pool of so many. Throws a {@link TraceError} where sizes are missing or a job is larger than its pool.
 */
export function readQueueTrace(text: string, cards: number | null): QueuePools {
  const firstLine = text.split('\n').find((line) => line.trim() !== '' && !/^[;#]/.test(line));
  if (firstLine === undefined) throw new TraceError('The file has no line of data.');
  const trace = firstLine.includes(',') ? heliosPools(text, cards) : swfPools(text, cards);
  for (const { name, pool, jobs } of trace.pools) {
    const largest = jobs.reduce((most, job) => Math.max(most, job.cards), 0);
    const all = pool.servers * pool.cardsPerServer;
    if (largest > all)
      throw new TraceError(`A job asks for ${largest} cards, and pool ${name} has ${all}: give more with --cards.`);
  }
  return trace;
}

function swfPools(text: string, cards: number | null): QueuePools {
  const { jobs, processors, skipped } = readSwf(text);
  const cardsPerServer = cards ?? processors;
  if (cardsPerServer === null)
    throw new TraceError('Its header does not tell how many processors there are: give them with --cards.');
  return { kind: 'swf', pools: [{ name: 'all', pool: { servers: 1, cardsPerServer }, jobs }], skipped };
}

function heliosPools(text: string, cards: number | null): QueuePools {
  const { jobs, poolServers, cardsPerServer } = readHelios(text);
  const perServer = cardsPerServer ?? CARDS_PER_SERVER;
  if (cards !== null) {
    if (cards % perServer !== 0)
      throw new TraceError(`Servers have ${perServer} cards each, so --cards is a multiple of ${perServer}.`);
    const pool = { servers: cards / perServer, cardsPerServer: perServer };
    return { kind: 'helios', pools: [{ name: 'all', pool, jobs }], skipped: 0 };
  }
  const pools = [...Map.groupBy(jobs, (job) => job.pool)].map(([name, own]) => {
    const servers = poolServers.get(name);
    if (servers === undefined)
      throw new TraceError(`Its comments do not tell how many servers ${name} has: give one pool with --cards.`);
    return { name, pool: { servers, cardsPerServer: perServer }, jobs: own };
  });
  return { kind: 'helios', pools: pools.sort((a, b) => (a.name < b.name ? -1 : 1)), skipped: 0 };
}
