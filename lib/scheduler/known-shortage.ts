import { invariant } from '#lib/core/assert.ts';
import { countBits, lowestBit, withoutLowestBit } from './bits.ts';
import { type Freed, FreedHours } from './freed-hours.ts';
import { LATER_SLOT, SLOTS, slotOf, WINDOW_HOURS } from './hour-window.ts';
import type { Need } from './narrowing.ts';

/** What an index says of hours `[from, to)`, counted whole; an endless `to` is that of what has no end. */
export type FreeHours = {
  /** Of some servers of a word, as bits, those that have a level in each of the hours. */
  readonly left: (level: number, word: number, servers: number, from: number, to: number) => number;
  /** The fewest cards of a server that are free in one of them. */
  readonly leastFree: (server: number, from: number, to: number) => number;
};

/** By the slot of its last hour, one stretch. */
class KnownStretches {
  /** The hour in which it begins; 0: none is known. */
  readonly firstHours = new Int32Array(SLOTS);
  /** The most that it has in all its hours together, … */
  readonly most = new Int32Array(SLOTS);
  /** … with what came free up to then. */
  readonly asOf = new Int32Array(SLOTS);
  /** The hour at which room was found last: a hint where to expect it. */
  foundAt = Number.POSITIVE_INFINITY;
}

/** How much of what is needed is counted: whole supernodes, else servers, or cards wherever they are. */
function amountOf({ count, supernodes }: Need): number {
  return supernodes?.count ?? count;
}

/**
 * Stretches of hours of which it is known how much they have, at most, in all of their hours together. Needs that differ in
 * their amount alone share them: what is too little for few is too little for many. What is known is true, but need not
 * be all: it saves reading and decides nothing.
 */
class Shortages {
  readonly #level: Need['level'];
  readonly #freed: FreedHours;
  readonly #hours: FreeHours;
  /** Those that similar amounts learned: as large as the same power of two, up to twice that. */
  readonly #byPower = new Map<number, KnownStretches>();
  /** The same as a list, which is gone through for each hour. */
  readonly #all: KnownStretches[] = [];
  /** By the slot of its last hour, no stretch begins later. */
  readonly #latest = new Int32Array(SLOTS);

  constructor({ level }: Need, freed: FreedHours, hours: FreeHours) {
    this.#level = level;
    this.#freed = freed;
    this.#hours = hours;
  }

  /** What amounts like one learned, which may not be anything. */
  like(amount: number): KnownStretches {
    const power = Math.clz32(amount);
    const there = this.#byPower.get(power);
    if (there) return there;
    const known = new KnownStretches();
    this.#byPower.set(power, known);
    this.#all.push(known);
    return known;
  }

  /** The hours `[first, behind)` have `most` at most, which was too little for an amount like those of `known`. */
  learn(known: KnownStretches, first: number, behind: number, most: number): void {
    const slot = behind === Number.POSITIVE_INFINITY ? LATER_SLOT : slotOf(behind - 1);
    known.firstHours[slot] = first;
    known.most[slot] = most;
    known.asOf[slot] = this.#freed.count;
    this.#latest[slot] = Math.max(this.#latest[slot] ?? 0, first);
  }

  /**
   * The last hour of `[from, to)` such that it is known that those from there on, or with `isLater` all from there on, have
   * less than an amount; null: none.
   */
  breakIn(from: number, to: number, isLater: boolean, amount: number): number | null {
    let best = from - 1;
    if (isLater) best = this.#lastBreak(LATER_SLOT, Number.POSITIVE_INFINITY, best, amount);
    let slot = slotOf(to);
    for (let hour = to; hour - 1 > best; hour -= 1) {
      slot = slot === 0 ? WINDOW_HOURS - 1 : slot - 1;
      if ((this.#latest[slot] ?? 0) > best) best = this.#lastBreak(slot, hour, best, amount);
    }
    return best < from ? null : best;
  }

  /** The latest hour after `best` in which a stretch begins that ends with a slot and has less than an amount; else `best`. */
  #lastBreak(slot: number, behind: number, best: number, amount: number): number {
    let latest = best;
    for (const known of this.#all) {
      const first = known.firstHours[slot] ?? 0;
      if (first > latest && this.#isShort(known, slot, behind, amount)) latest = first;
    }
    return latest;
  }

  /** True when the stretch that ends with a slot has too little still, with what came free since it was looked at. */
  #isShort(known: KnownStretches, slot: number, behind: number, amount: number): boolean {
    const { count, oldest } = this.#freed;
    const first = known.firstHours[slot] ?? 0;
    let [most, asOf] = [known.most[slot] ?? 0, known.asOf[slot] ?? 0];
    if (asOf < oldest) {
      known.firstHours[slot] = 0;
      return false;
    }
    while (most < amount) {
      asOf = this.#freed.nextIn(asOf, first, behind);
      if (asOf === count) break;
      most += this.#growthIn(this.#freed.at(asOf), first, behind);
      asOf += 1;
    }
    known.most[slot] = most;
    known.asOf[slot] = asOf;
    return most < amount;
  }

  /** By how much, at most, something that came free made a stretch grow: by no more than is free there now. */
  #growthIn(freed: Freed, first: number, behind: number): number {
    const { words, masks, cards, isCounted } = freed;
    if (!isCounted) return this.#level === 'any' ? freed.sum : 0;
    const level = this.#level === 'any' ? 1 : this.#level;
    let growth = 0;
    for (let i = 0; i < words.length; i += 1) {
      const word = words[i] ?? 0;
      const servers = this.#leftIn(level, word, masks[i] ?? 0, freed, first, behind);
      if (servers === 0) continue;
      if (this.#level !== 'any') growth += countBits(servers);
      else
        for (let rest = servers; rest !== 0; rest = withoutLowestBit(rest))
          growth += Math.min(cards, this.#hours.leastFree(word * 32 + lowestBit(rest), first, behind));
    }
    return growth;
  }

  /** Those that have a level in all of `[first, behind)`: mostly something beside what came free is in the way. */
  #leftIn(level: number, word: number, servers: number, { from, to }: Freed, first: number, behind: number): number {
    const { left } = this.#hours;
    let rest = servers;
    if (first < from) rest = left(level, word, rest, first, from);
    if (rest !== 0 && to < behind) rest = left(level, word, rest, to, behind);
    return rest === 0 ? 0 : left(level, word, rest, Math.max(first, from), Math.min(behind, to));
  }
}

/** What is known of one need. */
export class Shortage {
  readonly #all: Shortages;
  readonly #own: KnownStretches;
  readonly #amount: number;

  constructor(all: Shortages, amount: number) {
    this.#all = all;
    this.#own = all.like(amount);
    this.#amount = amount;
  }

  /** The hour at which room was found last for such an amount: a hint, no more. */
  get foundAt(): number {
    return this.#own.foundAt;
  }

  set foundAt(hour: number) {
    this.#own.foundAt = hour;
  }

  /** The hours `[first, behind)`, without end where `behind` is endless, have too little by `missing` together. */
  learn(first: number, behind: number, missing: number): void {
    this.#all.learn(this.#own, first, behind, this.#amount - missing);
  }

  /**
   * The last hour of `[from, to)` such that it is known that those from there on, or with `isLater` all from there on, have
   * too little; null: none.
   */
  breakIn(from: number, to: number, isLater: boolean): number | null {
    return this.#all.breakIn(from, to, isLater, this.#amount);
  }
}

/** What is known not to fit, for the needs that were asked about. */
export class KnownShortages {
  readonly freed = new FreedHours();
  readonly #hours: FreeHours;
  readonly #byKind = new Map<string, Shortages>();

  constructor(hours: FreeHours) {
    this.#hours = hours;
  }

  /** What is known of a need. Nobody asks while something is tried. */
  of(need: Need): Shortage {
    invariant(!this.freed.isTrying, 'what is tried changes nothing that is known');
    const { level, isSure, supernodes } = need;
    const kind = `${level} ${isSure} ${supernodes !== undefined}`;
    let all = this.#byKind.get(kind);
    if (!all) {
      all = new Shortages(need, this.freed, this.#hours);
      this.#byKind.set(kind, all);
    }
    return new Shortage(all, amountOf(need));
  }

  /** Nothing is known any more. */
  forget(): void {
    this.#byKind.clear();
  }
}
