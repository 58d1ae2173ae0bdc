import { DAY_HOURS, type Reading } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';

/** Hours of a reading that are looked at, spread over it: a count, so that the same state gives the same answer. */
const HOURS_MAX = 24;

/**
 * For each number of servers that are taken, by the number that are idle: how many more idle servers are likely to be
 * stranded then, in any unit; below 0 when fewer are.
 */
export type StrandedGrowth = readonly Int32Array[];

function tableOf(servers: number, strandedOf: (idle: number) => number): StrandedGrowth {
  const stranded = Array.from({ length: servers + 1 }, (_, idle) => strandedOf(idle));
  return stranded.map((_, taken) =>
    Int32Array.from(stranded, (before, idle) => (idle < taken ? 0 : (stranded[idle - taken] ?? 0) - before)),
  );
}

/** Nothing is expected: of the supernodes that suffice, the one with the fewest idle servers is taken. */
export function nothingStranded(serversOfSupernode: number): StrandedGrowth {
  return tableOf(serversOfSupernode, () => 0);
}

/**
 * Growth over what is likely to be asked for: gangs of 2, 4, 8 … servers and of the whole supernode, all equally likely.
 * For each, the idle servers that do not make up another such gang are stranded. So breaking an idle supernode costs
 * most, and filling one up gives back.
 */
export function strandedGrowth(serversOfSupernode: number): StrandedGrowth {
  const sizes: number[] = [];
  for (let size = 2; size < serversOfSupernode; size *= 2) sizes.push(size);
  sizes.push(serversOfSupernode);
  return tableOf(serversOfSupernode, (idle) => sizes.reduce((sum, size) => sum + (idle % size), 0));
}

/** Slots of a reading, at most {@link HOURS_MAX} of them, spread over it. */
function sampled({ slots, days }: Reading): readonly number[] {
  const count = slots.length + days.length * DAY_HOURS;
  if (days.length === 0 && count <= HOURS_MAX) return slots;
  const chosen: number[] = [];
  for (let i = 0; i < count; i += Math.ceil(count / HOURS_MAX)) {
    const within = i - slots.length;
    const day = days[Math.floor(within / DAY_HOURS)] ?? 0;
    chosen.push(within < 0 ? (slots[i] ?? 0) : day * DAY_HOURS + (within % DAY_HOURS));
  }
  return chosen;
}

/**
 * Chooses the supernode from which idle servers are taken, for one placement. `counts`: how many servers of each are idle
 * throughout. Hours count one by one, because a supernode that is broken for a while anyway is whole before and after.
 */
export class SupernodeChoice {
  readonly #state: PoolState;
  readonly #counts: ArrayLike<number>;
  readonly #slots: readonly number[];
  /** Where {@link roomiest} goes on: at this ordinal of those with so many idle servers. */
  #most: number | null = null;
  #next = 0;

  constructor(state: PoolState, counts: ArrayLike<number>, reading: Reading) {
    this.#state = state;
    this.#counts = counts;
    this.#slots = sampled(reading);
  }

  /**
   * Of the supernodes with `needed` idle servers, the one whose fragmentation grows least over the time, then the one with
   * the fewest idle servers, then the lowest ordinal. Null when none has so many.
   */
  forAll(needed: number, except: ReadonlySet<number> | null = null): number | null {
    const { growth, index } = this.#state;
    const table = growth[needed];
    if (!table) return null;
    // No hour adds less, for in none are fewer servers idle than throughout.
    let leastAnHour = 0;
    for (let idle = needed; idle < table.length; idle += 1) leastAnHour = Math.min(leastAnHour, table[idle] ?? 0);
    const leastOfAll = leastAnHour * this.#slots.length;
    let [best, leastGrowth, fewest] = [-1, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
    for (let supernode = 0; supernode < this.#counts.length; supernode += 1) {
      const count = this.#counts[supernode] ?? 0;
      if (count < needed || except?.has(supernode)) continue;
      const most = count < fewest ? leastGrowth : leastGrowth - 1;
      const grown = index.curves.sumByIdle(supernode, this.#slots, table, most, leastAnHour);
      if (grown > most) continue;
      [best, leastGrowth, fewest] = [supernode, grown, count];
      if (grown === leastOfAll && count === needed) break;
    }
    return best < 0 ? null : best;
  }

  /**
   * The supernode with the most idle servers, the lowest of several; null when none has any. From one call to the next
   * `except` only grows, so that what was passed over is not looked at again.
   */
  roomiest(except: ReadonlySet<number>): number | null {
    this.#most ??= highestIn(this.#counts);
    for (; this.#most > 0; this.#most -= 1, this.#next = 0)
      for (; this.#next < this.#counts.length; this.#next += 1)
        if (this.#counts[this.#next] === this.#most && !except.has(this.#next)) return this.#next;
    return null;
  }
}

function highestIn(counts: ArrayLike<number>): number {
  let highest = 0;
  for (let i = 0; i < counts.length; i += 1) highest = Math.max(highest, counts[i] ?? 0);
  return highest;
}
