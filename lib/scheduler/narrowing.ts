import { invariant } from '#lib/core/assert.ts';
import { countBits } from './bits.ts';
import { IDLE } from './free-words.ts';
import type { HourIndex } from './hour-index.ts';
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

/**
 * Servers as they are left when hour after hour is read: for one level or for all of them. Words that hold no server any
 * more are read no further. One at a time: once another has begun to read, what this one read is gone.
 */
export class Narrowing {
  readonly #index: HourIndex;
  readonly #need: Need;
  readonly #first: number;
  readonly #last: number;
  /** Servers in the words, each once for each of its levels. */
  #servers = 0;
  /** The most cards that something takes for a part of an hour that was read: so many more may be free together. */
  #slack = 0;

  constructor(index: HourIndex, need: Need) {
    this.#index = index;
    this.#need = need;
    // A server with more than all that is wanted counts for all of it: higher levels need not be read.
    [this.#first, this.#last] =
      need.level === 'any' ? [1, Math.min(index.levels, need.count)] : [need.level, need.level];
  }

  /** By how much what was read falls short, where it does. */
  get missing(): number {
    const { count, supernodes } = this.#need;
    return supernodes ? 1 : count - this.#servers - this.#slack;
  }

  /** Reads the first of the slots: false when what it has is not enough. */
  begin(slot: number): boolean {
    const { narrowed, words } = this.#index;
    narrowed.owner = this;
    this.#servers = words.begin(slot, this.#first, this.#last, narrowed);
    this.#slack = slackAt(this.#index, this.#need, slot);
    return this.#hasEnough();
  }

  #narrowed(): HourIndex['narrowed'] {
    const { narrowed } = this.#index;
    invariant(narrowed.owner === this, 'one search reads the words at a time');
    return narrowed;
  }

  /** Reads one more slot; false when what is left is not enough. */
  read(slot: number): boolean {
    this.#servers -= this.#index.words.narrow(slot, this.#narrowed());
    this.#slack = Math.max(this.#slack, slackAt(this.#index, this.#need, slot));
    return this.#hasEnough();
  }

  #hasEnough(): boolean {
    return this.#servers + this.#slack >= this.#need.count && this.#hasWhole();
  }

  /**
   * Goes on with the hours `[from, to)` from their end: the last after which what is left is not enough; null when it
   * always is.
   */
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

  /** Goes on with the hours `[from, to)`: the first after which what is left is not enough; `to` when it always is. */
  firstBreakIn(from: number, to: number): number {
    for (let hour = from; hour < to; hour += 1) if (!this.read(slotOf(hour))) return hour;
    return to;
  }

  #hasWhole(): boolean {
    const { supernodes } = this.#need;
    if (supernodes === undefined) return true;
    const left = this.#narrowed();
    const words = new Int32Array(this.#index.wordCount);
    for (let i = 0; i < left.count; i += 1)
      words[(left.rows[i] ?? 0) - this.#first * words.length] = left.words[i] ?? 0;
    return countWhole(words, supernodes.all) >= supernodes.count;
  }

  /** Reads a whole day, if enough is left after it for sure; else reads nothing. */
  #readDay(day: number): boolean {
    const index = this.#index;
    const narrowed = this.#narrowed();
    const [countBefore, serversBefore] = [narrowed.count, this.#servers];
    const { spareWords: words, spareRows: rows } = narrowed;
    let [servers, count] = [0, 0];
    for (let i = 0; i < countBefore; i += 1) {
      const row = narrowed.rows[i] ?? 0;
      const left = (narrowed.words[i] ?? 0) & index.words.allDay(row, day);
      if (left === 0) continue;
      servers += countBits(left);
      words[count] = left;
      rows[count] = row;
      count += 1;
    }
    if (servers < this.#need.count) return false;
    [narrowed.count, this.#servers] = [count, servers];
    narrowed.swap();
    if (this.#hasWhole()) return true;
    narrowed.swap();
    [narrowed.count, this.#servers] = [countBefore, serversBefore];
    return false;
  }
}

/** False when the curves of the pool show that a slot has too little, wherever it lies. */
export function mayHave(index: HourIndex, need: Need, slot: number): boolean {
  const { level, count, supernodes } = need;
  if (supernodes && (index.curves.idleSupernodes[slot] ?? 0) < supernodes.count) return false;
  if (level === 'any') return (index.curves.freeCards[slot] ?? 0) + slackAt(index, need, slot) >= count;
  return level !== IDLE || (index.curves.idleServers[slot] ?? 0) >= count;
}

/** {@link mayHave} for one need and many slots. */
export function mayHaveIn(index: HourIndex, need: Need): (slot: number) => boolean {
  const { freeCards, partlyTaken } = index.curves;
  const { count, isSure } = need;
  if (need.level !== 'any' || need.supernodes || isSure) return (slot) => mayHave(index, need, slot);
  return (slot) => (freeCards[slot] ?? 0) + (partlyTaken[slot] ?? 0) >= count;
}

/** The first hour of `[from, to)` through which what is needed is not there any more, read forward; `to` when it always is. */
export function firstWithout(index: HourIndex, need: Need, from: number, to: number): number {
  let behind = from;
  while (behind < to && mayHave(index, need, slotOf(behind))) behind += 1;
  const narrowing = new Narrowing(index, need);
  if (behind === from || !narrowing.begin(slotOf(from))) return from;
  return narrowing.firstBreakIn(from + 1, behind);
}

/**
 * Finds where a stretch of hours begins in all of which `isThere` says yes. Each is read from its end: where it breaks, no
 * stretch that begins before can do, so the next begins after it, and what was read beyond need not be read again.
 */
export class Stretches {
  readonly #isThere: (slot: number) => boolean;
  readonly #behind: number;
  /** From the last hour before this one on, all hours up to the end of the window are alike. */
  readonly #steadyTo: number;
  readonly #hours: number | null;
  /** Up to here, from the start that was answered last, every hour was read. */
  #readTo = 0;

  /** Stretches of `hours` hours, null: with no end, within the window of an index. */
  constructor({ baseHour, steadyFrom }: HourIndex, hours: number | null, isThere: (slot: number) => boolean) {
    this.#behind = baseHour + WINDOW_HOURS;
    this.#steadyTo = Math.min(this.#behind, steadyFrom + 1);
    this.#hours = hours;
    this.#isThere = isThere;
  }

  /** Up to where a stretch that begins at an hour must be read: of one that goes on after the window, to the first of equal hours. */
  endOf(start: number): number {
    if (this.isLater(start)) return Math.max(start + 1, this.#steadyTo);
    return start + (this.#hours ?? 0);
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
      for (let slot = slotOf(hour); hour >= known && this.#isThere(slot); hour -= 1)
        slot = slot === 0 ? WINDOW_HOURS - 1 : slot - 1;
      this.#readTo = Math.max(known, end);
      if (hour < known) return start;
      start = hour + 1;
    }
    return null;
  }
}
