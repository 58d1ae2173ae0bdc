import { mulberry32 } from '#lib/core/mulberry32.ts';
import { SliceCluster } from '#lib/scheduler/slices/cluster.ts';
import { type Chooser, PLACEMENT_POLICIES, type PlacementPolicy } from '#lib/scheduler/slices/policies.ts';
import { milliOf, type ServerShape, type SliceSpec, type SpecDemand } from '#lib/scheduler/slices/types.ts';

/** Workloads arrive until they have asked for this much of the cluster's cards, in percent. */
const ARRIVED_PERCENT_MAX = 130;

/**
 * What is unallocated once so many percent of the cards have been asked for, in percent of the cards. Where no arrival
 * hits that percent (a small cluster, large workloads), it is the last one before.
 */
export type FillUp = { readonly at: (arrivedPercent: number) => number };

/** How often each spec occurs, the most frequent first; equal ones by size, so that no order of a file matters. */
export function popularityOf(specs: readonly SliceSpec[]): SpecDemand[] {
  const counts = new Map<SliceSpec, number>();
  for (const spec of specs) counts.set(spec, (counts.get(spec) ?? 0) + 1);
  const size = ({ spec }: SpecDemand): string => JSON.stringify(Object.values(spec));
  return Array.from(counts, ([spec, count]) => ({ spec, count })).sort(
    (a, b) => b.count - a.count || (size(a) < size(b) ? -1 : 1),
  );
}

/**
 * The arrivals of one seed, as published: all pods shuffled, then pods drawn with replacement until the next one would
 * ask for more than 1.3 times the capacity. A list that asks for more than that is read until it does.
 */
export function arrivalsOf(pods: readonly SliceSpec[], capacityMilli: number, seed: number): SliceSpec[] {
  const random = mulberry32(seed * 7_919 + 1);
  const arrivals = [...pods];
  for (let i = arrivals.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const [a, b] = [arrivals[i], arrivals[j]];
    if (a && b) [arrivals[i], arrivals[j]] = [b, a];
  }
  const limit = (ARRIVED_PERCENT_MAX * capacityMilli) / 100;
  let asked = arrivals.reduce((sum, spec) => sum + milliOf(spec), 0);
  while (asked < limit) {
    const drawn = pods[Math.floor(random() * pods.length)];
    if (!drawn || asked + milliOf(drawn) > limit) break;
    arrivals.push(drawn);
    asked += milliOf(drawn);
  }
  return arrivals;
}

/** One run of the experiment. */
export type FillUpRun = {
  readonly shapes: readonly ServerShape[];
  readonly arrivals: readonly SliceSpec[];
  readonly policy: PlacementPolicy;
  /** How often each spec is asked for, told beforehand; null: learnt from what has arrived. */
  readonly popularity: readonly SpecDemand[] | null;
  readonly seed: number;
};

/** Whoever learns thinks again when so many have arrived, and whenever that number has doubled. */
const LEARNT_FIRST = 64;

/**
 * The fill-up experiment of Weng et al. (ATC 2023): an empty cluster, workloads one by one, none ever leaves, what does
 * not fit is dropped. The figure at x is the mean over all arrivals at which x percent, rounded, had been asked for.
 */
export function fillUp({ shapes, arrivals, policy, popularity, seed }: FillUpRun): FillUp {
  const cluster = new SliceCluster(shapes);
  const { capacityMilli } = cluster;
  const random = mulberry32(seed);
  const startWith = (known: readonly SpecDemand[]): Chooser =>
    PLACEMENT_POLICIES[policy].start({ cluster, popularity: known, random });
  let choose = startWith(popularity ?? []);
  let learnAt = LEARNT_FIRST;
  const means = Array.from({ length: ARRIVED_PERCENT_MAX + 1 }, () => ({ freeMilli: 0, count: 0 }));
  let asked = 0;
  for (const [arrived, spec] of arrivals.entries()) {
    if (popularity === null && arrived === learnAt) {
      choose = startWith(popularityOf(arrivals.slice(0, arrived)));
      learnAt *= 2;
    }
    const choice = choose(spec);
    if (choice) cluster.place(choice.server, choice.after);
    asked += milliOf(spec);
    const mean = means[Math.round((100 * asked) / capacityMilli)];
    if (!mean) break;
    mean.freeMilli += cluster.freeMilli;
    mean.count += 1;
  }
  return {
    at: (arrivedPercent) => {
      const mean = means.slice(0, arrivedPercent + 1).findLast(({ count }) => count > 0);
      return mean ? (100 * mean.freeMilli) / (mean.count * capacityMilli) : 100;
    },
  };
}
