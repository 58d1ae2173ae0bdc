// Runs a job trace through the queue of each of its pools and tells how long jobs waited.
import { figuresOf, type QueueFigures } from '#lib/replay/queue-figures.ts';
import { type PoolChoice, type QueuePools, readQueueTrace } from '#lib/replay/queue-pools.ts';
import { replayQueue } from '#lib/replay/queue-replay.ts';
import { TraceError } from '#lib/replay/queue-trace.ts';
import { QUEUE_POLICIES, type QueuePolicyName } from '#lib/scheduler/queue/policies.ts';
import { type Bench, printTable, readFlags, readText, readWhole, roundedTo, UsageError } from './command-line.ts';

const NAMES = Object.keys(QUEUE_POLICIES).join('|');

function readPolicy(text: string | undefined): QueuePolicyName {
  if (text !== undefined && Object.hasOwn(QUEUE_POLICIES, text)) return text as QueuePolicyName;
  throw new UsageError(`--policy is one of ${NAMES}.`);
}

/** `one`, or `vcvGl=20,vcvlY=2`: how many servers each tenant's pool has. */
function readServers(text: string | undefined): PoolChoice['servers'] {
  if (text === undefined || text === 'one') return text ?? null;
  const pairs = text.split(',').map((pair) => /^([\w.-]+)=(\d{1,6})$/.exec(pair));
  const servers = new Map(pairs.map((pair) => [pair?.[1] ?? '', Number(pair?.[2] ?? 0)]));
  if (pairs.length === servers.size && [...servers.values()].every((count) => count > 0)) return servers;
  throw new UsageError(`--pools is "one" or servers per tenant as in a=20,b=2, not "${text}".`);
}

async function readPools(path: string, choice: PoolChoice): Promise<QueuePools> {
  const text = await readText(path);
  try {
    return readQueueTrace(text, choice);
  } catch (error) {
    if (error instanceof TraceError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

/** Digits after the point of each figure. */
const DIGITS = {
  jobs: 0,
  meanCompletionSeconds: 1,
  p95CompletionSeconds: 0,
  meanWaitSeconds: 1,
  p95WaitSeconds: 0,
  longestWaitSeconds: 0,
  waitedOverMinute: 0,
  meanBoundedSlowdown: 2,
  p95BoundedSlowdown: 2,
  utilisation: 3,
} as const satisfies Record<keyof QueueFigures, number>;

function rounded(figures: QueueFigures): Record<string, number> {
  const names = Object.keys(DIGITS) as (keyof QueueFigures)[];
  return Object.fromEntries(names.map((name) => [name, roundedTo(figures[name], DIGITS[name])]));
}

export const queueBench: Bench = {
  name: 'queue',
  usage: `queue --trace <file.csv|file.swf> --policy ${NAMES} [--cards N] [--pools one|a=20,b=2] [--json]`,
  run: async (args) => {
    const flags = readFlags(args, ['trace', 'cards', 'policy', 'pools']);
    if (flags.trace === undefined) throw new UsageError('--trace names a job trace: Helios CSV or SWF.');
    const policy = readPolicy(flags.policy);
    const cardsAsked = flags.cards === undefined ? null : readWhole(flags.cards, '--cards', { min: 1, max: 1_000_000 });
    const choice = { cards: cardsAsked, servers: readServers(flags.pools) };
    const { kind, pools, skipped, tooLarge } = await readPools(flags.trace, choice);
    const replayed = pools.map(({ jobs, pool }) => replayQueue(jobs, pool, QUEUE_POLICIES[policy]));
    const cards = pools.reduce((sum, { pool }) => sum + pool.servers * pool.cardsPerServer, 0);
    const figures = rounded(figuresOf(replayed.flat(), cards));
    const layout = pools.map(({ name, pool }) => ({ name, ...pool }));
    const about = { bench: 'queue', trace: kind, policy, cards, skipped, tooLarge };
    if (flags.json) {
      console.log(JSON.stringify({ ...about, pools: layout, ...figures }));
      return;
    }
    printTable([
      ...layout.map(({ name, servers, cardsPerServer }) => [`pool ${name}`, `${servers} x ${cardsPerServer} cards`]),
      ...Object.entries({ ...about, ...figures }).map(([name, value]) => [name, `${value}`]),
    ]);
  },
};
