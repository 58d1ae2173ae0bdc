import { IDLE } from './free-words.ts';
import { type Freed, FreedHours } from './freed-hours.ts';
import { slotOf, WINDOW_HOURS } from './hour-window.ts';
import type { Need } from './narrowing.ts';

/** For so many needs it is kept what is known not to fit. */
const NEEDS_MAX = 64;

/** By how much, at most, what is there for a need can have grown. */
function growthOf({ level }: Need, { cards, servers, highest, idle }: Freed): number {
  if (level === 'any') return cards;
  if (level === IDLE) return idle;
  return highest >= level ? servers : 0;
}

/**
 * Stretches of hours of which one need is known to find too little, and by how much they fall short. A stretch is known until
 * as much has come free in its hours. What is known is true, but need not be all: it saves reading and decides nothing.
 */
export class Shortage {
  readonly #need: Need;
  /** By the slot of its last hour, the hour in which a stretch begins; 0: none is known. */
  readonly #firstHours = new Int32Array(WINDOW_HOURS);
  readonly #missing = new Int32Array(WINDOW_HOURS);
  /** The hour at which room was found last: a hint where to expect it. */
  foundAt = Number.POSITIVE_INFINITY;
  #longestHours = 0;
  #readTo = 0;

  constructor(need: Need) {
    this.#need = need;
  }

  /** Takes into account what came free since it was asked last, in hours before `behind`. */
  catchUp(freed: FreedHours, behind: number): void {
    if (this.#readTo === freed.count) return;
    const isKnown = freed.since(this.#readTo, (from, to, each) => {
      const growth = growthOf(this.#need, each);
      if (growth > 0) this.#loosen(from, Math.min(to, behind), growth, behind);
    });
    if (!isKnown) this.#firstHours.fill(0);
    this.#readTo = freed.count;
  }

  /** The hours from `first` to `last`, together, have too little by `missing`. */
  learn(first: number, last: number, missing: number): void {
    const slot = slotOf(last);
    this.#firstHours[slot] = first;
    this.#missing[slot] = missing;
    this.#longestHours = Math.max(this.#longestHours, last + 1 - first);
  }

  /** The last hour of `[from, to)` such that it is known that those from there on have too little; null: none. */
  breakIn(from: number, to: number): number | null {
    let best = from - 1;
    let slot = slotOf(to);
    for (let hour = to - 1; hour > best; hour -= 1) {
      slot = slot === 0 ? WINDOW_HOURS - 1 : slot - 1;
      const first = this.#firstHours[slot] ?? 0;
      if (first > best) best = first;
    }
    return best < from ? null : best;
  }

  #loosen(from: number, to: number, growth: number, behind: number): void {
    const last = Math.min(to + this.#longestHours - 1, behind);
    let slot = slotOf(from);
    for (let hour = from; hour < last; hour += 1) {
      const first = this.#firstHours[slot] ?? 0;
      if (first !== 0 && first < to) {
        const missing = (this.#missing[slot] ?? 0) - growth;
        this.#missing[slot] = missing;
        if (missing <= 0) this.#firstHours[slot] = 0;
      }
      slot = slot + 1 === WINDOW_HOURS ? 0 : slot + 1;
    }
  }
}

/** What is known not to fit, for the needs that were asked about. */
export class KnownShortages {
  readonly freed = new FreedHours();
  readonly #byNeed = new Map<string, Shortage>();

  /** What is known of a need, in hours before `behind`, where the window ends. */
  of(need: Need, behind: number): Shortage {
    const { level, count, isSure, supernodes } = need;
    const key = `${level} ${count} ${isSure} ${supernodes?.count ?? 0}`;
    let known = this.#byNeed.get(key);
    if (!known) {
      const [oldest] = this.#byNeed.keys();
      if (oldest !== undefined && this.#byNeed.size === NEEDS_MAX) this.#byNeed.delete(oldest);
      known = new Shortage(need);
      this.#byNeed.set(key, known);
    }
    known.catchUp(this.freed, behind);
    return known;
  }

  /** Nothing is known any more. */
  forget(): void {
    this.#byNeed.clear();
  }
}
