import { canHost, type ServerState } from './server-states.ts';
import { CARD_MILLI, type SpecDemand } from './types.ts';

/** Of all that is asked for, the most popular specs that make up this share are the target. */
const TARGET_SHARE = 0.95;

/**
 * The most popular specs, until 95 of 100 workloads are covered; those that differ in memory only are one. Ties keep the
 * order given. This is the target M of Weng et al., "Beware of Fragmentation" (ATC 2023).
 */
export function targetOf(demands: readonly SpecDemand[]): SpecDemand[] {
  const bySize = new Map<string, { spec: SpecDemand['spec']; count: number }>();
  for (const { spec, count } of demands) {
    const key = [spec.cpuMilli, spec.cards, spec.cardMilli, spec.models.join('|')].join();
    const known = bySize.get(key);
    if (known) known.count += count;
    else bySize.set(key, { spec: { ...spec, memoryMiB: 0 }, count });
  }
  const total = demands.reduce((sum, { count }) => sum + count, 0);
  let covered = 0;
  return [...bySize.values()]
    .sort((a, b) => b.count - a.count)
    .filter(({ count }) => {
      if (covered >= TARGET_SHARE * total) return false;
      covered += count;
      return true;
    });
}

/**
 * F_n(M): the free milli-cards of a server that the next workload is expected not to be able to use. Everything free,
 * where it cannot run here or needs no card; else what lies on cards with too little room for it.
 */
export function fragmentation(state: ServerState, target: readonly SpecDemand[]): number {
  let expected = 0;
  let total = 0;
  for (const { spec, count } of target) {
    total += count;
    let unusable = state.freeMilli;
    if (spec.cards > 0 && canHost(state, spec)) {
      unusable = 0;
      for (const free of state.cards) if (free < spec.cardMilli) unusable += free;
    }
    expected += count * unusable;
  }
  return total === 0 ? 0 : expected / total;
}

/** The published score of a placement: 0 to 100, 50 where fragmentation stays as it is, cut to whole points. */
export function fragmentationScore(before: number, after: number): number {
  return Math.floor(100 / (1 + Math.exp((after - before) / CARD_MILLI)));
}
