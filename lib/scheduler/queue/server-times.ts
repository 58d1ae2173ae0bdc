import type { Share } from '../types.ts';
import type { Starts } from './starts.ts';

/** Cards of servers that are given back (`sign` 1) or taken (-1) at an instant. */
export type Turn = { readonly at: number; readonly sign: 1 | -1; readonly shares: readonly Share[] };

const NEVER: readonly number[] = [];

/**
 * What is free on each server from now on: its cards free now, and the instants at which that changes. Each server has
 * a list of its own, so that a question about one looks at what happens there and at nothing else of the pool.
 */
export class ServerTimes {
  readonly #now: number;
  readonly #free: Int32Array;
  /** By server: instants, rising, each beside how many cards come free then; of one instant what comes free is first. */
  readonly #times: (number[] | undefined)[];
  /** Servers of which something will be taken: on all others there is never less than now. */
  readonly taken: readonly number[];

  /** `free`: what is free now, which the owner keeps right. `turns`: everything that comes, later than `now`. */
  constructor(now: number, free: Int32Array, turns: readonly Turn[]) {
    this.#now = now;
    this.#free = free;
    this.#times = new Array<number[] | undefined>(free.length).fill(undefined);
    const taken = new Set<number>();
    for (const { at, sign, shares } of turns.toSorted((a, b) => a.at - b.at || b.sign - a.sign))
      for (const { server, cards } of shares) {
        this.#of(server).push(at, sign * cards);
        if (sign === -1) taken.add(server);
      }
    this.taken = [...taken];
  }

  /** Notes that cards of servers come free at an instant. */
  add(shares: readonly Share[], at: number): void {
    for (const { server, cards } of shares) {
      const times = this.#of(server);
      let i = 0;
      while (i < times.length && (times[i] ?? 0) < at) i += 2;
      times.splice(i, 0, at, cards);
    }
  }

  /** The fewest cards of a server that are free at a moment of `[startAt, endAt)`, which begins now or later. */
  leastOn(server: number, startAt: number, endAt: number): number {
    const times = this.#times[server] ?? NEVER;
    let free = this.#free[server] ?? 0;
    let i = 0;
    for (; i < times.length && (times[i] ?? 0) <= startAt; i += 2) free += times[i + 1] ?? 0;
    let least = free;
    for (; i < times.length && (times[i] ?? 0) < endAt; i += 2) {
      free += times[i + 1] ?? 0;
      if (free < least) least = free;
    }
    return least;
  }

  /** Adds the starts from which a server has `cards` cards free for `lengthMs`. */
  addStarts(starts: Starts, server: number, cards: number, lengthMs: number): void {
    const times = this.#times[server] ?? NEVER;
    let free = this.#free[server] ?? 0;
    let first = free >= cards ? this.#now : null;
    for (let i = 0; i < times.length; i += 2) {
      const at = times[i] ?? 0;
      free += times[i + 1] ?? 0;
      if (free >= cards) first ??= at;
      else if (first !== null) {
        starts.add(first, at - lengthMs);
        first = null;
      }
    }
    if (first !== null) starts.add(first, Number.POSITIVE_INFINITY);
  }

  #of(server: number): number[] {
    const times = this.#times[server] ?? [];
    this.#times[server] = times;
    return times;
  }
}
