import { type HourIndex, IDLE } from './hour-index.ts';
import { DAY_HOURS, LATER_SLOT, slotOf, WINDOW_HOURS } from './hour-window.ts';
import { countWhole, type SupernodeWords } from './whole-supernodes.ts';

/**
 * What is looked for in hours on end: the same servers with at least so many cards free throughout (`level`, `count` of
 * them), or, where `level` is `any`, `count` cards throughout, however many of them each server has. With `isSure`, what
 * takes a part of an hour counts for all of it; without, cards may be there that the index does not know of.
 */
export type Need = {
  readonly level: number | 'any';
  readonly count: number;
  readonly isSure: boolean;
  /** Among the servers, all of so many supernodes. */
  readonly supernodes?: { readonly count: number; readonly all: SupernodeWords };
};

/** How many cards more may be free together in a slot than the index knows of. */
export function slackAt({ curves }: HourIndex, { level, isSure }: Need, slot: number): number {
  return level === 'any' && !isSure ? (curves.partlyTaken[slot] ?? 0) : 0;
}

/** Servers as they are left when hour after hour is read: for one level or for all of them. */
export class Narrowing {
  readonly #index: HourIndex;
  readonly #need: Need;
  readonly #first: number;
  readonly #last: number;
  #words: Int32Array;
  #spare: Int32Array;
  /** The most cards that something takes for a part of an hour that was read: so many more may be free together. */
  #slack = 0;

  constructor(index: HourIndex, need: Need) {
    this.#index = index;
    this.#need = need;
    // A server with more than all that is wanted counts for all of it: higher levels need not be read.
    [this.#first, this.#last] =
      need.level === 'any' ? [1, Math.min(index.levels, need.count)] : [need.level, need.level];
    this.#words = new Int32Array((this.#last - this.#first + 1) * index.wordCount).fill(-1);
    this.#spare = new Int32Array(this.#words.length);
  }

  /** Reads one more slot; false when what is left is not enough. */
  read(slot: number): boolean {
    const index = this.#index;
    let left = 0;
    for (let level = this.#first, at = 0; level <= this.#last; level += 1, at += index.wordCount)
      left += index.narrow(level, slot, this.#words, at);
    this.#slack = Math.max(this.#slack, slackAt(index, this.#need, slot));
    return left + this.#slack >= this.#need.count && this.#hasWhole(this.#words);
  }

  /** Reads the hours `[from, to)` from their end: the last after which what is left is not enough; null when it always is. */
  breakIn(from: number, to: number): number | null {
    for (let hour = to; hour > from; ) {
      const isDay = hour % DAY_HOURS === 0 && hour - DAY_HOURS >= from;
      if (isDay && this.#readDay(slotOf(hour - DAY_HOURS) / DAY_HOURS)) {
        hour -= DAY_HOURS;
        continue;
      }
      hour -= 1;
      if (!this.read(slotOf(hour))) return hour;
    }
    return null;
  }

  #hasWhole(words: Int32Array): boolean {
    const { supernodes } = this.#need;
    return supernodes === undefined || countWhole(words, supernodes.all) >= supernodes.count;
  }

  /** Reads a whole day, if enough is left after it for sure; else reads nothing. */
  #readDay(day: number): boolean {
    const index = this.#index;
    let left = 0;
    for (let level = this.#first, at = 0; level <= this.#last; level += 1, at += index.wordCount)
      left += index.narrowByDay(level, day, this.#words, this.#spare, at);
    if (left < this.#need.count || !this.#hasWhole(this.#spare)) return false;
    [this.#words, this.#spare] = [this.#spare, this.#words];
    return true;
  }
}

/** False when the curves of the pool show that a slot has too little, wherever it lies. */
export function mayHave(index: HourIndex, need: Need, slot: number): boolean {
  const { level, count, supernodes } = need;
  if (supernodes && (index.curves.idleSupernodes[slot] ?? 0) < supernodes.count) return false;
  if (level === 'any') return (index.curves.freeCards[slot] ?? 0) + slackAt(index, need, slot) >= count;
  return level !== IDLE || (index.curves.idleServers[slot] ?? 0) >= count;
}

/** The first hour of `[from, to)` through which what is needed is not there any more, read forward; `to` when it always is. */
export function firstWithout(index: HourIndex, need: Need, from: number, to: number): number {
  const narrowing = new Narrowing(index, need);
  for (let hour = from; hour < to; hour += 1) {
    const slot = slotOf(hour);
    if (!mayHave(index, need, slot) || !narrowing.read(slot)) return hour;
  }
  return to;
}

/**
 * Finds where a stretch of hours begins in all of which `isThere` says yes. Each is read from its end: where it breaks, no
 * stretch that begins before can do, so the next begins after it, and what was read beyond need not be read again.
 */
export class Stretches {
  readonly #isThere: (slot: number) => boolean;
  readonly #behind: number;
  readonly #hours: number | null;
  /** Up to here, from the start that was answered last, every hour was read. */
  #readTo = 0;

  /** Stretches of `hours` hours, null: with no end, within the window of an index. */
  constructor({ baseHour }: HourIndex, hours: number | null, isThere: (slot: number) => boolean) {
    this.#behind = baseHour + WINDOW_HOURS;
    this.#hours = hours;
    this.#isThere = isThere;
  }

  /** The end within the window of a stretch that begins at an hour. */
  endOf(start: number): number {
    return this.#hours === null ? this.#behind : Math.min(this.#behind, start + this.#hours);
  }

  /** True when a stretch that begins at an hour goes on after the window. */
  isLater(start: number): boolean {
    return this.#hours === null || start + this.#hours > this.#behind;
  }

  /** The first start from `from` on, which lies before `before`; null when there is none. Starts are asked for in order. */
  next(from: number, before: number): number | null {
    for (let start = from; start < Math.min(before, this.#behind); ) {
      if (this.isLater(start) && !this.#isThere(LATER_SLOT)) return null;
      const known = Math.max(start, this.#readTo);
      const end = this.endOf(start);
      let hour = end - 1;
      while (hour >= known && this.#isThere(slotOf(hour))) hour -= 1;
      this.#readTo = Math.max(known, end);
      if (hour < known) return start;
      start = hour + 1;
    }
    return null;
  }
}
