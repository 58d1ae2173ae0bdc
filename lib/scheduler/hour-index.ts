import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { FreeWords } from './free-words.ts';
import { entriesFor, entryOf } from './hour-blocks.ts';
import { HourCurves, type Servers } from './hour-curves.ts';
import {
  DAY_HOURS,
  hourOf,
  type Hours,
  hoursOf,
  LATER_SLOT,
  type Reading,
  type Runs,
  runsOf,
  SLOTS,
  slotOf,
  WINDOW_HOURS,
} from './hour-window.ts';
import { KnownShortages } from './known-shortage.ts';
import { NarrowedWords } from './narrowed-words.ts';
import { PartlyTaken, partsOf } from './partly-taken.ts';
import type { Share } from './types.ts';

/** Names everything that takes cards of a server, in any order. */
type TakenOn = (server: number, visit: (interval: Interval, cards: number) => void) => void;

/**
 * What is taken of each server in each hour, and what follows from it: which servers have how many cards free (`words`),
 * and the same counted for pool and supernodes (`curves`). A placement reads a few words and asks no server.
 *
 * An hour counts as taken by everything that touches it. So the index never says that there is room where there is
 * none, and where something takes a part of an hour there may be more (`partlyTaken`); only then must profiles be asked.
 * It follows from what is promised and bound and from the first hour of the window alone; it is no state of its own.
 */
export class HourIndex {
  /** The first hour of the window, counted from 1970. */
  baseHour = 0;
  /** From this hour on, no hour of the window differs from what comes after it. */
  steadyFrom = 0;
  readonly words: FreeWords;
  readonly curves: HourCurves;
  /** Of which servers something takes a part of an hour. */
  readonly partly: PartlyTaken;
  /**
   * Servers of which, in some hour, more is counted as taken than there is. Whoever finds one in order takes it out; it
   * comes back with the next change that makes it too full.
   */
  readonly tooFull = new Set<number>();
  /** What is known not to fit, as long as nothing comes free there. */
  readonly shortages: KnownShortages;
  /** What is left of the words while one search reads them. */
  readonly narrowed: NarrowedWords;
  /** In how many slots more of a server is counted as taken than there is, those that time took away among them. */
  readonly #slotsTooFull: Int32Array;
  readonly #servers: Servers;
  readonly #usable: Int16Array;
  /** Cards taken, by server and slot. */
  readonly #taken: Uint16Array;

  constructor(servers: Servers) {
    const count = servers.sizes.length;
    this.#servers = servers;
    this.shortages = new KnownShortages({ left: this.#left.bind(this), leastFree: this.#leastFree.bind(this) });
    this.#usable = Int16Array.from(servers.sizes);
    this.words = new FreeWords(servers.sizes);
    this.curves = new HourCurves(servers);
    this.narrowed = new NarrowedWords((this.words.levels + 1) * this.words.wordCount);
    this.partly = new PartlyTaken(this.words.wordCount, this.curves.partlyTaken);
    this.#slotsTooFull = new Int32Array(count);
    this.#taken = new Uint16Array(entriesFor(count));
  }

  /** The most cards that a server has: the highest level. */
  get levels(): number {
    return this.words.levels;
  }

  /** How many words of 32 servers there are. */
  get wordCount(): number {
    return this.words.wordCount;
  }

  /** Takes cards of a server for an interval; a negative number gives them back. */
  add(server: number, interval: Interval, cards: number): void {
    this.addAll([{ server, cards: Math.abs(cards) }], interval, cards < 0 ? -1 : 1);
  }

  /** Takes (1) or gives back (-1) shares for an interval. Whole servers change together, 32 at a time. */
  addAll(shares: readonly Share[], interval: Interval, sign: 1 | -1): void {
    const hours = hoursOf(interval, this.baseHour);
    const runs = runsOf(hours);
    const parts = partsOf(interval, hours, this.baseHour);
    this.#unsteady(hours);
    const whole: number[] = [];
    for (const { server, cards } of shares) {
      if (shares.length > 1 && this.#isWhole(server, cards, sign, runs)) whole.push(server);
      else this.#addWithin(server, sign * cards, hours, runs);
      if (parts.length > 0) this.partly.add(server, parts, sign * cards);
    }
    if (whole.length > 0) this.#addWhole(whole, sign, hours, runs);
    // What takes a part of an hour may leave more to those who ask servers, not less.
    if (sign === -1 || parts.length > 0) this.shortages.freed.note(hours, shares, sign === -1);
  }

  #unsteady({ from, to, isLater }: Hours): void {
    // Of what goes on, the hour in which it begins may be taken for a part.
    this.steadyFrom = Math.max(this.steadyFrom, isLater ? from + 1 : to);
  }

  /** Of some servers of a word those that have a level in all hours `[from, to)`; an endless `to` is that of what has no end. */
  #left(level: number, word: number, servers: number, from: number, to: number): number {
    const row = level * this.wordCount + word;
    const isLater = to === Number.POSITIVE_INFINITY;
    const then = isLater ? servers & this.words.at(row, LATER_SLOT) : servers;
    return this.words.through(row, then, from, isLater ? this.steadyFrom : to);
  }

  /** The fewest cards of a server that are free in the hours `[from, to)`; an endless `to` is that of what has no end. */
  #leastFree(server: number, from: number, to: number): number {
    const usable = this.#usable[server] ?? 0;
    const isLater = to === Number.POSITIVE_INFINITY;
    let most = isLater ? this.takenIn(server, LATER_SLOT) : 0;
    for (let hour = from, end = isLater ? this.steadyFrom : to; hour < end && most < usable; hour += 1)
      most = Math.max(most, this.takenIn(server, slotOf(hour)));
    return Math.max(0, usable - most);
  }

  /** Says how many cards of a server there are. What is taken of others is to be given back apart. */
  setUsable(server: number, usable: number): void {
    const before = this.#usable[server] ?? 0;
    this.#usable[server] = usable;
    if (usable > before) {
      const all = { from: this.baseHour, to: this.baseHour + WINDOW_HOURS, isLater: true };
      this.shortages.freed.note(all, [{ server, cards: usable - before }], true);
    }
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const taken = this.takenIn(server, slot);
      if (taken > before !== taken > usable) this.#countTooFull(server, taken > usable);
      else if (taken > usable) this.tooFull.add(server);
      this.#relevel(server, slot, Math.max(0, before - taken), Math.max(0, usable - taken));
    }
    this.words.changeAll(server >> 5);
  }

  /**
   * Moves the window, so that it begins with the hour of an instant. It moves on; only after a round that was taken back
   * does it move back, and then everything is counted anew.
   */
  advanceTo(now: Instant, takenOn: TakenOn): void {
    const before = this.baseHour;
    const base = hourOf(now);
    if (base === before) return;
    const isNew = base < before || base - before >= WINDOW_HOURS;
    const [from, to] = isNew ? [base, base + WINDOW_HOURS] : [before + WINDOW_HOURS, base + WINDOW_HOURS];
    this.baseHour = base;
    this.shortages.forget();
    for (let server = 0; server < this.#usable.length; server += 1) {
      for (let hour = from; hour < to; hour += 1) this.#empty(server, slotOf(hour));
      this.#empty(server, LATER_SLOT);
      takenOn(server, (interval, cards) => {
        const touched = hoursOf(interval, base);
        this.#unsteady(touched);
        const first = Math.max(touched.from, from);
        const hours = { from: first, to: Math.max(touched.to, first), isLater: touched.isLater };
        this.#addWithin(server, cards, hours, runsOf(hours));
        this.partly.add(server, partsOf(interval, hours, base), cards);
      });
    }
    this.words.changeAll(null);
  }

  /** The slot in which an hour is counted: its own, or the one for everything after the window. */
  slotAt(hour: number): number {
    return hour < this.baseHour + WINDOW_HOURS ? slotOf(Math.max(hour, this.baseHour)) : LATER_SLOT;
  }

  /** False when an interval begins before the window: then what is there must be asked of profiles. */
  knows({ startAt }: Interval): boolean {
    return hourOf(startAt) >= this.baseHour;
  }

  /** The hours of an interval, whose reading the questions below take. */
  hours(interval: Interval): Hours {
    return hoursOf(interval, this.baseHour);
  }

  /** How many cards of a server are taken in a slot. */
  takenIn(server: number, slot: number): number {
    return this.#taken[entryOf(this.#usable.length, server, slot)] ?? 0;
  }

  /** The fewest cards of a server that are free in the hours of a reading; below 0 when more is taken than there is. */
  lowestOn(server: number, { slots, days }: Reading): number {
    let most = 0;
    for (let i = 0; i < slots.length; i += 1) most = Math.max(most, this.takenIn(server, slots[i] ?? 0));
    for (let i = 0; i < days.length; i += 1) {
      const first = (days[i] ?? 0) * DAY_HOURS;
      for (let slot = first; slot < first + DAY_HOURS; slot += 1) most = Math.max(most, this.takenIn(server, slot));
    }
    return (this.#usable[server] ?? 0) - most;
  }

  #addWithin(server: number, cards: number, hours: Hours, runs: Runs): void {
    const usable = this.#usable[server] ?? 0;
    for (const [first, behind] of runs)
      for (let slot = first; slot < behind; slot += 1) this.#take(server, slot, usable, cards);
    this.words.changeHours(server >> 5, hours);
  }

  /** True when a server is idle all the time and is taken as a whole, or is so given back. */
  #isWhole(server: number, cards: number, sign: 1 | -1, runs: Runs): boolean {
    const size = this.#servers.sizes[server] ?? 0;
    if (cards !== size || this.#usable[server] !== size) return false;
    const taken = sign === 1 ? 0 : size;
    for (const [first, behind] of runs)
      for (let slot = first; slot < behind; slot += 1) if (this.takenIn(server, slot) !== taken) return false;
    return true;
  }

  /** Servers side by side in the list that share a word and a size, or a supernode, change together. */
  #addWhole(servers: readonly number[], sign: 1 | -1, hours: Hours, runs: Runs): void {
    const { sizes, supernodes } = this.#servers;
    let [mask, cards, count] = [0, 0, 0];
    for (let i = 0; i < servers.length; i += 1) {
      const [server, next] = [servers[i] ?? 0, servers[i + 1]];
      const size = sizes[server] ?? 0;
      this.#setTaken(server, sign === 1 ? size : 0, runs);
      mask |= 1 << (server & 31);
      cards += size;
      count += 1;
      if (next === undefined || next >> 5 !== server >> 5 || sizes[next] !== size) {
        this.words.setUpTo(size, server >> 5, mask, sign, runs);
        this.words.changeHours(server >> 5, hours);
        mask = 0;
      }
      const supernode = supernodes[server] ?? 0;
      if (next !== undefined && supernodes[next] === supernode) continue;
      for (const [first, behind] of runs)
        for (let slot = first; slot < behind; slot += 1) this.curves.add(supernode, slot, -sign * cards, -sign * count);
      [cards, count] = [0, 0];
    }
  }

  #setTaken(server: number, cards: number, runs: Runs): void {
    for (const [first, behind] of runs)
      for (let slot = first; slot < behind; slot += 1) this.#taken[entryOf(this.#usable.length, server, slot)] = cards;
  }

  #take(server: number, slot: number, usable: number, cards: number): void {
    const entry = entryOf(this.#usable.length, server, slot);
    const before = this.#taken[entry] ?? 0;
    this.#taken[entry] = before + cards;
    const isTooFull = before + cards > usable;
    if (isTooFull !== before > usable) this.#countTooFull(server, isTooFull);
    else if (isTooFull && cards > 0) this.tooFull.add(server);
    this.#relevel(server, slot, Math.max(0, usable - before), Math.max(0, usable - before - cards));
  }

  #countTooFull(server: number, isTooFull: boolean): void {
    const slots = (this.#slotsTooFull[server] ?? 0) + (isTooFull ? 1 : -1);
    this.#slotsTooFull[server] = slots;
    if (isTooFull) this.tooFull.add(server);
    else if (slots === 0) this.tooFull.delete(server);
  }

  /** Moves a server to another level in a slot. */
  #relevel(server: number, slot: number, before: number, after: number): void {
    if (before === after) return;
    const size = this.#servers.sizes[server] ?? 0;
    const idle = after === size ? 1 : before === size ? -1 : 0;
    this.words.relevel(server, slot, before, after);
    if (idle !== 0) this.words.toggleIdle(server, slot);
    this.curves.add(this.#servers.supernodes[server] ?? 0, slot, after - before, idle);
  }

  /** Nothing is taken of a server in a slot. */
  #empty(server: number, slot: number): void {
    const usable = this.#usable[server] ?? 0;
    const taken = this.takenIn(server, slot);
    this.#take(server, slot, usable, -taken);
    // That time has gone by puts nothing in order.
    if (taken > usable) this.#countTooFull(server, true);
    this.partly.clear(server, slot);
  }
}
