import type { Reading } from './hour-window.ts';
import { slotsOfDay } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';

/** Hours of a reading that are looked at, spread over it: a count, so that the same state gives the same answer. */
const HOURS_MAX = 48;

/**
 * How many more idle servers are likely to be stranded when `taken` of the `idle` servers of a supernode are taken, in any
 * unit; below 0 when fewer are.
 */
export type StrandedGrowth = (idle: number, taken: number) => number;

/** Nothing is expected: of the supernodes that suffice, the one with the fewest idle servers is taken. */
export const NOTHING_STRANDED: StrandedGrowth = () => 0;

/**
 * Growth over what is likely to be asked for: gangs of 2, 4, 8 … servers and of the whole supernode, all equally likely.
 * For each, the idle servers that do not make up another such gang are stranded. So breaking an idle supernode costs
 * most, and filling one up gives back.
 */
export function strandedGrowth(serversOfSupernode: number): StrandedGrowth {
  const sizes: number[] = [];
  for (let size = 2; size < serversOfSupernode; size *= 2) sizes.push(size);
  sizes.push(serversOfSupernode);
  const stranded = Array.from({ length: serversOfSupernode + 1 }, (_, idle) =>
    sizes.reduce((sum, size) => sum + (idle % size), 0),
  );
  return (idle, taken) => (stranded[idle - taken] ?? 0) - (stranded[idle] ?? 0);
}

function sampled(reading: Reading): readonly number[] {
  const slots = [...reading.slots, ...reading.days.flatMap(slotsOfDay)];
  const step = Math.ceil(slots.length / HOURS_MAX);
  return step <= 1 ? slots : slots.filter((_, i) => i % step === 0);
}

/**
 * Chooses the supernode from which idle servers are taken, for one placement. `counts`: how many servers of each are idle
 * throughout. Hours count one by one, because a supernode that is broken for a while anyway is whole before and after.
 */
export class SupernodeChoice {
  readonly #state: PoolState;
  readonly #counts: ArrayLike<number>;
  readonly #slots: readonly number[];

  constructor(state: PoolState, counts: ArrayLike<number>, reading: Reading) {
    this.#state = state;
    this.#counts = counts;
    this.#slots = sampled(reading);
  }

  #growthOf(supernode: number, taken: number): number {
    const { growth, index } = this.#state;
    let sum = 0;
    for (const slot of this.#slots) sum += growth(index.curves.idleInSupernode(supernode, slot), taken);
    return sum;
  }

  /**
   * Of the supernodes with `needed` idle servers, the one whose fragmentation grows least over the time, then the one with
   * the fewest idle servers, then the lowest ordinal. Null when none has so many.
   */
  forAll(needed: number, except: ReadonlySet<number> | null = null): number | null {
    let best: { readonly supernode: number; readonly growth: number; readonly count: number } | null = null;
    for (let supernode = 0; supernode < this.#counts.length; supernode += 1) {
      const count = this.#counts[supernode] ?? 0;
      if (count < needed || except?.has(supernode)) continue;
      const growth = this.#growthOf(supernode, needed);
      if (best === null || growth < best.growth || (growth === best.growth && count < best.count))
        best = { supernode, growth, count };
    }
    return best?.supernode ?? null;
  }

  /** The supernode with the most idle servers, the lowest of several; null when none has any. */
  roomiest(except: ReadonlySet<number>): number | null {
    let best: number | null = null;
    for (let supernode = 0; supernode < this.#counts.length; supernode += 1) {
      const count = this.#counts[supernode] ?? 0;
      if (count > (best === null ? 0 : (this.#counts[best] ?? 0)) && !except.has(supernode)) best = supernode;
    }
    return best;
  }
}
