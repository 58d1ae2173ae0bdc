import { readHelios } from './helios.ts';
import type { ReplayPool } from './queue-replay.ts';
import { type QueueTraceJob, TraceError } from './queue-trace.ts';
import { readSwf } from './swf.ts';

type Pool = { readonly name: string; readonly pool: ReplayPool; readonly jobs: readonly QueueTraceJob[] };

/** A trace with the pools that its jobs run on. */
export type QueuePools = {
  readonly kind: 'helios' | 'swf';
  readonly pools: readonly Pool[];
  /** Lines that were never run: cancelled while they waited, or without a card. */
  readonly skipped: number;
  /** Jobs that ask for more than their pool has; they are left out. */
  readonly tooLarge: number;
};

/** What the caller says of the pools; null leaves it to the trace. */
export type PoolChoice = {
  readonly cards: number | null;
  /** Servers of each tenant's pool, or all tenants in one. */
  readonly servers: ReadonlyMap<string, number> | 'one' | null;
};

/** Cards of a server where a CSV trace does not tell. */
const CARDS_PER_SERVER = 8;

/**
 * Reads a trace by its content: SWF when its first line of data has no comma, else Helios CSV. An SWF machine is one
 * flat pool of `cards`, or of as many processors as its header tells. In a CSV trace every tenant has a pool of its own
 * when the caller or the comments tell their sizes and these add up to `cards`; otherwise all share one of `cards`.
 * Throws a {@link TraceError} where sizes are missing.
 */
export function readQueueTrace(text: string, choice: PoolChoice): QueuePools {
  const firstLine = text.split('\n').find((line) => line.trim() !== '' && !/^[;#]/.test(line));
  if (firstLine === undefined) throw new TraceError('The file has no line of data.');
  const { kind, pools, skipped } = firstLine.includes(',') ? heliosPools(text, choice) : swfPools(text, choice);
  const fitting = pools.map((each) => {
    const cards = each.pool.servers * each.pool.cardsPerServer;
    return { ...each, jobs: each.jobs.filter((job) => job.cards <= cards) };
  });
  const countOf = (list: readonly Pool[]): number => list.reduce((sum, { jobs }) => sum + jobs.length, 0);
  if (countOf(fitting) === 0) throw new TraceError('Every job asks for more cards than there are.');
  return { kind, pools: fitting, skipped, tooLarge: countOf(pools) - countOf(fitting) };
}

type Read = Omit<QueuePools, 'tooLarge'>;

function swfPools(text: string, { cards, servers }: PoolChoice): Read {
  if (servers !== null && servers !== 'one') throw new TraceError('An SWF trace has one pool; give its --cards.');
  const { jobs, processors, skipped } = readSwf(text);
  const cardsPerServer = cards ?? processors;
  if (cardsPerServer === null)
    throw new TraceError('Its header does not tell how many processors there are: give them with --cards.');
  return { kind: 'swf', pools: [{ name: 'all', pool: { servers: 1, cardsPerServer }, jobs }], skipped };
}

function heliosPools(text: string, choice: PoolChoice): Read {
  const trace = readHelios(text);
  const cardsPerServer = trace.cardsPerServer ?? CARDS_PER_SERVER;
  const byTenant = [...Map.groupBy(trace.jobs, (job) => job.pool)].sort(([a], [b]) => (a < b ? -1 : 1));
  const sizes = choice.servers === 'one' ? null : (choice.servers ?? trace.poolServers);
  const isKnown = sizes !== null && byTenant.every(([tenant]) => (sizes.get(tenant) ?? 0) > 0);
  const pools = byTenant.map(([name, jobs]) => {
    const pool = { servers: sizes?.get(name) ?? 0, cardsPerServer };
    return { name, pool, jobs };
  });
  const cards = pools.reduce((sum, { pool }) => sum + pool.servers * cardsPerServer, 0);
  if (isKnown && (choice.cards === null || choice.cards === cards))
    return { kind: 'helios', pools, skipped: trace.skipped };
  if (choice.servers !== null && choice.servers !== 'one')
    throw new TraceError(
      `--pools has to name every tenant (${byTenant.map(([tenant]) => tenant).join(', ')}), and --cards their sum.`,
    );
  if (choice.cards === null)
    throw new TraceError('It does not tell how many servers each tenant has: give one pool with --cards.');
  if (choice.cards % cardsPerServer !== 0)
    throw new TraceError(`Servers have ${cardsPerServer} cards each, so --cards is a multiple of ${cardsPerServer}.`);
  const pool = { servers: choice.cards / cardsPerServer, cardsPerServer };
  return { kind: 'helios', pools: [{ name: 'all', pool, jobs: trace.jobs }], skipped: trace.skipped };
}
