import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { countBits } from './bits.ts';
import { HourCurves, type Servers } from './hour-curves.ts';
import {
  DAY_HOURS,
  hourOf,
  type Hours,
  hoursOf,
  LATER_SLOT,
  type Reading,
  runsOf,
  SLOTS,
  slotOf,
  WINDOW_DAYS,
  WINDOW_HOURS,
} from './hour-window.ts';
import type { Share } from './types.ts';

/** Names everything that takes cards of a server, in any order. */
type TakenOn = (server: number, visit: (interval: Interval, cards: number) => void) => void;

type Runs = ReturnType<typeof runsOf>;

/** So many neighbouring slots from one on, upwards or downwards. */
type SlotRun = { readonly slot: number; readonly slots: number; readonly step: 1 | -1 };

const WORD_BITS = 32;
/** The level at which the whole of a server is free. */
export const IDLE = 0;

/**
 * Which servers have how many cards free in which hour: for each level (at least so many cards free; {@link IDLE}: all
 * of the server) and each 32 servers, one word an hour. What is free over an interval is the AND of its words, so a
 * placement reads a few words and asks no server.
 *
 * An hour counts as taken by everything that touches it. So the index never says that there is room where there is
 * none, and where something takes a part of an hour there may be more (`partlyTaken`); only then must profiles be asked.
 * It follows from what is promised and bound and from the first hour of the window alone; it is no state of its own.
 */
export class HourIndex {
  /** The first hour of the window, counted from 1970. */
  baseHour = 0;
  readonly levels: number;
  readonly wordCount: number;
  readonly curves: HourCurves;
  /**
   * Servers of which, in some hour, more is counted as taken than there is. Whoever finds one in order takes it out; it
   * comes back with the next change that makes it too full.
   */
  readonly tooFull = new Set<number>();
  /** In how many slots more of a server is counted as taken than there is, those that time took away among them. */
  readonly #slotsTooFull: Int32Array;
  readonly #servers: Servers;
  readonly #usable: Int16Array;
  /** Cards taken, [server][slot]. */
  readonly #taken: Uint16Array;
  /** [level][word][slot] */
  readonly #free: Int32Array;
  /** The AND of a day's hours, [day][level][word]: right while `#dayKnown` is what `#dayChanged`, [day][word], is. */
  readonly #freeAllDay: Int32Array;
  readonly #dayKnown: Int32Array;
  readonly #dayChanged: Int32Array;
  /** [word][slot]: the servers that something takes for a part of the hour; how many cards, by server × SLOTS + slot. */
  readonly #partly: Int32Array;
  readonly #partlyCards = new Map<number, number>();

  constructor(servers: Servers) {
    const count = servers.sizes.length;
    this.#servers = servers;
    this.#usable = Int16Array.from(servers.sizes);
    this.levels = servers.sizes.reduce((most, size) => Math.max(most, size), 0);
    this.wordCount = Math.ceil(count / WORD_BITS);
    this.curves = new HourCurves(servers);
    this.#slotsTooFull = new Int32Array(count);
    this.#taken = new Uint16Array(count * SLOTS);
    this.#free = new Int32Array((this.levels + 1) * this.wordCount * SLOTS);
    this.#freeAllDay = new Int32Array((this.levels + 1) * this.wordCount * WINDOW_DAYS);
    this.#dayKnown = new Int32Array((this.levels + 1) * this.wordCount * WINDOW_DAYS);
    this.#dayChanged = new Int32Array(this.wordCount * WINDOW_DAYS).fill(1);
    this.#partly = new Int32Array(this.wordCount * SLOTS);
    for (let level = 0; level <= this.levels; level += 1) this.#fillLevel(level);
  }

  /** Takes cards of a server for an interval; a negative number gives them back. */
  add(server: number, interval: Interval, cards: number): void {
    const hours = hoursOf(interval, this.baseHour);
    this.#addWithin(server, cards, hours, runsOf(hours));
    this.#touchAll(server, cards, this.#partlyIn(interval, hours));
  }

  /** Takes (1) or gives back (-1) shares for an interval. Whole servers change together, 32 at a time. */
  addAll(shares: readonly Share[], interval: Interval, sign: 1 | -1): void {
    const hours = hoursOf(interval, this.baseHour);
    const runs = runsOf(hours);
    const partly = this.#partlyIn(interval, hours);
    const whole: number[] = [];
    for (const { server, cards } of shares) {
      if (shares.length > 1 && this.#isWhole(server, cards, sign, runs)) whole.push(server);
      else this.#addWithin(server, sign * cards, hours, runs);
      this.#touchAll(server, sign * cards, partly);
    }
    if (whole.length > 0) this.#addWhole(whole, sign, hours, runs);
  }

  /** Says how many cards of a server there are. What is taken of others is to be given back apart. */
  setUsable(server: number, usable: number): void {
    const before = this.#usable[server] ?? 0;
    this.#usable[server] = usable;
    for (let slot = 0; slot < SLOTS; slot += 1) {
      const taken = this.#taken[server * SLOTS + slot] ?? 0;
      if (taken > before !== taken > usable) this.#countTooFull(server, taken > usable);
      else if (taken > usable) this.tooFull.add(server);
      this.#relevel(server, slot, Math.max(0, before - taken), Math.max(0, usable - taken));
    }
    for (let day = 0; day < WINDOW_DAYS; day += 1) this.#changeDay(day * this.wordCount + (server >> 5));
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
    for (let server = 0; server < this.#usable.length; server += 1) {
      for (let hour = from; hour < to; hour += 1) this.#empty(server, slotOf(hour));
      this.#empty(server, LATER_SLOT);
      takenOn(server, (interval, cards) => {
        const touched = hoursOf(interval, base);
        const first = Math.max(touched.from, from);
        const hours = { from: first, to: Math.max(touched.to, first), isLater: touched.isLater };
        this.#addWithin(server, cards, hours, runsOf(hours));
        this.#touchAll(server, cards, this.#partlyIn(interval, hours));
      });
    }
    for (let day = 0; day < this.#dayChanged.length; day += 1) this.#changeDay(day);
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

  /** Of 32 servers, from 32 × `word` on, those with at least `level` cards free during all of a reading, as bits. */
  word(level: number, word: number, { slots, days }: Reading): number {
    const free = this.#free;
    const row = (level * this.wordCount + word) * SLOTS;
    let all = -1;
    for (let i = 0; i < slots.length; i += 1) {
      all &= free[row + (slots[i] ?? 0)] ?? 0;
      if (all === 0) return 0;
    }
    for (let i = 0; i < days.length && all !== 0; i += 1)
      all &= this.#allDay(level * this.wordCount + word, word, days[i] ?? 0);
    return all;
  }

  /** {@link word} of one slot. */
  wordAt(level: number, word: number, slot: number): number {
    return this.#free[(level * this.wordCount + word) * SLOTS + slot] ?? 0;
  }

  /** {@link word} of one slot; a row is the level × `wordCount` + the word. */
  rowAt(row: number, slot: number): number {
    return this.#free[row * SLOTS + slot] ?? 0;
  }

  /** {@link word} of all hours of a day, by row. */
  rowAllDay(row: number, day: number): number {
    return this.#allDay(row, row % this.wordCount, day);
  }

  /**
   * What is left of some servers of a row after so many neighbouring slots, upwards (`step` 1) or downwards (-1); `lost`
   * counts those that go with each of the slots.
   */
  narrowRow(row: number, { slot, slots, step }: SlotRun, servers: number, lost: Int32Array): number {
    const free = this.#free;
    let left = servers;
    for (let i = 0, at = row * SLOTS + slot; i < slots && left !== 0; i += 1, at += step) {
      const next = left & (free[at] ?? 0);
      if (next === left) continue;
      lost[i] = (lost[i] ?? 0) + countBits(left ^ next);
      left = next;
    }
    return left;
  }

  /** Reading the hours `[from, to)` from their end: the first at which none of some servers of a word is left; else null. */
  breakIn(level: number, word: number, from: number, to: number, servers: number): number | null {
    let left = servers;
    for (let hour = to; hour > from; ) {
      const allDay = hour % DAY_HOURS === 0 && hour - DAY_HOURS >= from;
      const day = slotOf(hour - DAY_HOURS) / DAY_HOURS;
      const then = allDay ? left & this.#allDay(level * this.wordCount + word, word, day) : 0;
      if (then !== 0) {
        left = then;
        hour -= DAY_HOURS;
        continue;
      }
      hour -= 1;
      left &= this.wordAt(level, word, slotOf(hour));
      if (left === 0) return hour;
    }
    return null;
  }

  /** Of 32 servers, those that something takes for a part of an hour of a reading. */
  partlyTaken(word: number, { slots, days }: Reading): number {
    const row = word * SLOTS;
    let some = 0;
    for (const slot of slots) some |= this.#partly[row + slot] ?? 0;
    for (const day of days) {
      for (let slot = day * DAY_HOURS; slot < (day + 1) * DAY_HOURS; slot += 1) some |= this.#partly[row + slot] ?? 0;
    }
    return some;
  }

  /** How many cards of a server are taken in a slot. */
  takenIn(server: number, slot: number): number {
    return this.#taken[server * SLOTS + slot] ?? 0;
  }

  /** The fewest cards of a server that are free in the hours of a reading; below 0 when more is taken than there is. */
  lowestOn(server: number, { slots, days }: Reading): number {
    const row = server * SLOTS;
    let most = 0;
    for (const slot of slots) most = Math.max(most, this.#taken[row + slot] ?? 0);
    for (const day of days) {
      for (let slot = day * DAY_HOURS; slot < (day + 1) * DAY_HOURS; slot += 1)
        most = Math.max(most, this.#taken[row + slot] ?? 0);
    }
    return (this.#usable[server] ?? 0) - most;
  }

  #addWithin(server: number, cards: number, hours: Hours, runs: Runs): void {
    const usable = this.#usable[server] ?? 0;
    const row = server * SLOTS;
    for (const [first, behind] of runs)
      for (let slot = first; slot < behind; slot += 1) this.#take(server, row + slot, slot, usable, cards);
    this.#changeDays(server >> 5, hours);
  }

  #changeDays(word: number, { from, to }: Hours): void {
    for (let hour = from; hour < to; hour += DAY_HOURS - (hour % DAY_HOURS))
      this.#changeDay(Math.floor(slotOf(hour) / DAY_HOURS) * this.wordCount + word);
  }

  /** True when a server is idle all the time and is taken as a whole, or is so given back. */
  #isWhole(server: number, cards: number, sign: 1 | -1, runs: Runs): boolean {
    const size = this.#servers.sizes[server] ?? 0;
    if (cards !== size || this.#usable[server] !== size) return false;
    const taken = sign === 1 ? 0 : size;
    const row = server * SLOTS;
    for (const [first, behind] of runs)
      for (let at = row + first; at < row + behind; at += 1) if (this.#taken[at] !== taken) return false;
    return true;
  }

  /** Servers side by side in the list that share a word and a size, or a supernode, change together. */
  #addWhole(servers: readonly number[], sign: 1 | -1, hours: Hours, runs: Runs): void {
    const { sizes, supernodes } = this.#servers;
    let [mask, cards, count] = [0, 0, 0];
    for (let i = 0; i < servers.length; i += 1) {
      const [server, next] = [servers[i] ?? 0, servers[i + 1]];
      const size = sizes[server] ?? 0;
      const row = server * SLOTS;
      for (const [first, behind] of runs) this.#taken.fill(sign === 1 ? size : 0, row + first, row + behind);
      mask |= 1 << (server & 31);
      cards += size;
      count += 1;
      if (next === undefined || next >> 5 !== server >> 5 || sizes[next] !== size) {
        for (let level = 0; level <= size; level += 1) this.#setBits(level, server >> 5, mask, sign, runs);
        this.#changeDays(server >> 5, hours);
        mask = 0;
      }
      const supernode = supernodes[server] ?? 0;
      if (next !== undefined && supernodes[next] === supernode) continue;
      for (const [first, behind] of runs)
        for (let slot = first; slot < behind; slot += 1) this.curves.add(supernode, slot, -sign * cards, -sign * count);
      [cards, count] = [0, 0];
    }
  }

  /** Says of servers of a word that they have a level no more (1), or have it again (-1). */
  #setBits(level: number, word: number, mask: number, sign: 1 | -1, runs: Runs): void {
    const free = this.#free;
    const row = (level * this.wordCount + word) * SLOTS;
    for (const [first, behind] of runs) {
      if (sign === 1) for (let at = row + first; at < row + behind; at += 1) free[at] = (free[at] ?? 0) & ~mask;
      else for (let at = row + first; at < row + behind; at += 1) free[at] = (free[at] ?? 0) | mask;
    }
  }

  #take(server: number, entry: number, slot: number, usable: number, cards: number): void {
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

  /** Moves a server to another level in a slot: only the bits between the two change. */
  #relevel(server: number, slot: number, before: number, after: number): void {
    if (before === after) return;
    const free = this.#free;
    const step = this.wordCount * SLOTS;
    const first = (server >> 5) * SLOTS + slot;
    const bit = 1 << (server & 31);
    for (let level = before + 1, at = first + level * step; level <= after; level += 1, at += step)
      free[at] = (free[at] ?? 0) | bit;
    for (let level = after + 1, at = first + level * step; level <= before; level += 1, at += step)
      free[at] = (free[at] ?? 0) & ~bit;
    const { supernodes, sizes } = this.#servers;
    const supernode = supernodes[server] ?? 0;
    const size = sizes[server] ?? 0;
    const idle = after === size ? 1 : before === size ? -1 : 0;
    this.curves.add(supernode, slot, after - before, idle);
    if (idle !== 0) free[first] = (free[first] ?? 0) ^ bit;
  }

  /** The slots of which an interval takes only a part. */
  #partlyIn({ startAt, endAt }: Interval, { from, to, isLater }: Hours): readonly number[] {
    const slots: number[] = [];
    const first = hourOf(startAt);
    if (startAt !== first * HOUR_MS && first >= from && first < to) slots.push(slotOf(first));
    if (endAt !== null) {
      const last = hourOf(endAt);
      const isSame = slots.length > 0 && last === first;
      if (endAt !== last * HOUR_MS && last >= from && last < to && !isSame) slots.push(slotOf(last));
    }
    // Whatever lies after the window takes only a part of what is after the window, unless it takes all of it.
    const takesAllLater = endAt === null && startAt <= (this.baseHour + WINDOW_HOURS) * HOUR_MS;
    if (isLater && !takesAllLater) slots.push(LATER_SLOT);
    return slots;
  }

  #touchAll(server: number, cards: number, slots: readonly number[]): void {
    for (const slot of slots) this.#touch(server, slot, cards);
  }

  #touch(server: number, slot: number, cards: number): void {
    const key = server * SLOTS + slot;
    const after = (this.#partlyCards.get(key) ?? 0) + cards;
    const entry = (server >> 5) * SLOTS + slot;
    const bit = 1 << (server & 31);
    this.curves.partlyTaken[slot] = (this.curves.partlyTaken[slot] ?? 0) + cards;
    if (after === 0) {
      this.#partlyCards.delete(key);
      this.#partly[entry] = (this.#partly[entry] ?? 0) & ~bit;
    } else {
      this.#partlyCards.set(key, after);
      this.#partly[entry] = (this.#partly[entry] ?? 0) | bit;
    }
  }

  /** Nothing is taken of a server in a slot. */
  #empty(server: number, slot: number): void {
    const entry = server * SLOTS + slot;
    const usable = this.#usable[server] ?? 0;
    const taken = this.#taken[entry] ?? 0;
    this.#take(server, entry, slot, usable, -taken);
    // That time has gone by puts nothing in order.
    if (taken > usable) this.#countTooFull(server, true);
    if (((this.#partly[(server >> 5) * SLOTS + slot] ?? 0) & (1 << (server & 31))) !== 0)
      this.#touch(server, slot, -(this.#partlyCards.get(entry) ?? 0));
  }

  /** At first all of every server is free in every slot. */
  #fillLevel(level: number): void {
    for (let word = 0; word < this.wordCount; word += 1) {
      let all = 0;
      for (let bit = 0; bit < WORD_BITS; bit += 1)
        if ((this.#servers.sizes[word * WORD_BITS + bit] ?? 0) >= Math.max(1, level)) all |= 1 << bit;
      const row = (level * this.wordCount + word) * SLOTS;
      this.#free.fill(all, row, row + SLOTS);
    }
  }

  #changeDay(entry: number): void {
    this.#dayChanged[entry] = ((this.#dayChanged[entry] ?? 0) + 1) | 0;
  }

  #allDay(row: number, word: number, day: number): number {
    const changed = this.#dayChanged[day * this.wordCount + word] ?? 0;
    const entry = day * (this.levels + 1) * this.wordCount + row;
    if (this.#dayKnown[entry] === changed) return this.#freeAllDay[entry] ?? 0;
    let all = -1;
    const first = row * SLOTS + day * DAY_HOURS;
    for (let at = first; at < first + DAY_HOURS; at += 1) all &= this.#free[at] ?? 0;
    this.#freeAllDay[entry] = all;
    this.#dayKnown[entry] = changed;
    return all;
  }
}
