// Fills a cluster of an openb trace to the brim: how much of it a placement policy leaves unallocated.
import { arrivalsOf, fillUp, popularityOf } from '#lib/replay/fill-up.ts';
import { OpenbError, readOpenbNodes, readOpenbPods } from '#lib/replay/openb.ts';
import { PLACEMENT_POLICIES, type PlacementPolicy } from '#lib/scheduler/slices/policies.ts';
import { CARD_MILLI } from '#lib/scheduler/slices/types.ts';
import { type Bench, printTable, readFlags, readText, readWhole, roundedTo, UsageError } from './command-line.ts';

const NAMES = Object.keys(PLACEMENT_POLICIES).join('|');
const SEED_MAX = 100_000;
const SEEDS_MAX = 1_000;

function readPolicy(text: string): PlacementPolicy {
  if (Object.hasOwn(PLACEMENT_POLICIES, text)) return text as PlacementPolicy;
  throw new UsageError(`--policy is one of ${NAMES}.`);
}

/** Whether a policy is told the popularity of specs beforehand, as in the published experiment, or learns it. */
function readSource(text: string): 'given' | 'learnt' {
  if (text === 'given' || text === 'learnt') return text;
  throw new UsageError('--popularity is given (told beforehand, as published) or learnt (from what has arrived).');
}

/** Reads `42` or `42..51`. */
function readSeeds(text: string): number[] {
  const [first = '', last = first, ...more] = text.split('..');
  const bounds = { min: 0, max: SEED_MAX };
  const [from, to] = [readWhole(first, '--seeds', bounds), readWhole(last, '--seeds', bounds)];
  if (more.length > 0 || to < from || to - from >= SEEDS_MAX)
    throw new UsageError(`--seeds is a seed or a range of at most ${SEEDS_MAX}, for instance 42..51, not "${text}".`);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

async function readFile<T>(path: string | undefined, flag: string, read: (csv: string) => T): Promise<T> {
  if (path === undefined) throw new UsageError(`${flag} names an openb file.`);
  const text = await readText(path);
  try {
    return read(text);
  } catch (error) {
    if (error instanceof OpenbError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean, sample deviation and each seed, in percent of all cards. */
function figuresOf(values: readonly number[]) {
  const mean = meanOf(values);
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return {
    mean: roundedTo(mean, 3),
    sd: roundedTo(Math.sqrt(spread), 3),
    perSeed: values.map((value) => roundedTo(value, 3)),
  };
}

export const placementBench: Bench = {
  name: 'placement',
  usage: `placement --nodes <file.csv> --pods <file.csv> [--seeds 42..51] [--policy ${NAMES}] [--popularity given|learnt] [--json]`,
  run: async (args) => {
    const flags = readFlags(args, ['nodes', 'pods', 'seeds', 'policy', 'popularity']);
    const policy = readPolicy(flags.policy ?? 'kashi');
    const source = readSource(flags.popularity ?? 'given');
    const seeds = readSeeds(flags.seeds ?? '42..51');
    const shapes = await readFile(flags.nodes, '--nodes', readOpenbNodes);
    const pods = (await readFile(flags.pods, '--pods', readOpenbPods)).map(({ spec }) => spec);
    const cards = shapes.reduce((sum, shape) => sum + shape.cards, 0);
    const popularity = source === 'given' ? popularityOf(pods) : null;
    const startedMs = performance.now();
    const startedCpu = process.cpuUsage();
    const runs = seeds.map((seed) =>
      fillUp({ shapes, arrivals: arrivalsOf(pods, cards * CARD_MILLI, seed), policy, popularity, seed }),
    );
    const seconds = (performance.now() - startedMs) / 1_000;
    const { user, system } = process.cpuUsage(startedCpu);
    const { tieBreak, quantisation } = PLACEMENT_POLICIES[policy];
    const unallocatedPct = figuresOf(runs.map((run) => run.at(130)));
    const unallocatedPctAt100 = figuresOf(runs.map((run) => run.at(100)));
    const result = {
      bench: 'placement',
      policy,
      tieBreak,
      quantisation,
      popularity: source,
      servers: shapes.length,
      cards,
      seeds,
      unallocatedPct,
      unallocatedPctAt100,
      seconds: roundedTo(seconds, 1),
      cpuSeconds: roundedTo((user + system) / 1_000_000, 1),
    };
    if (flags.json) {
      console.log(JSON.stringify(result));
      return;
    }
    printTable([
      ['policy', policy],
      ['ties', tieBreak],
      ['steps', quantisation],
      ['popularity of specs', source],
      ['cluster', `${shapes.length} servers, ${cards} cards`],
      ['unallocated % at x = 130', `${unallocatedPct.mean} (sd ${unallocatedPct.sd})`],
      ['unallocated % at x = 100', `${unallocatedPctAt100.mean} (sd ${unallocatedPctAt100.sd})`],
      ...seeds.map((seed, i) => [`seed ${seed}`, `${unallocatedPct.perSeed[i]}`]),
      ['seconds', `${result.seconds} (${result.cpuSeconds} of CPU)`],
    ]);
  },
};
