import { countBits } from './bits.ts';
import { BLOCK_SLOTS, entriesFor, entryOf } from './hour-blocks.ts';
import {
  DAY_HOURS,
  type Hours,
  type Reading,
  type Runs,
  SLOTS,
  slotOf,
  WINDOW_DAYS,
  WINDOW_HOURS,
} from './hour-window.ts';
import type { NarrowedWords } from './narrowed-words.ts';

/** Where the words of a reading are kept: its slots as entries of the first row, and its days. */
export type Places = { readonly entries: readonly number[]; readonly days: readonly number[] };

const WORD_BITS = 32;
/** The level at which the whole of a server is free. */
export const IDLE = 0;

/**
 * For each level (at least so many cards free; {@link IDLE}: all of the server), each 32 servers and each slot one word:
 * which of the servers have it. What is free over an interval is the AND of its words. A _row_ is the level ×
 * `wordCount` + the word.
 */
export class FreeWords {
  readonly levels: number;
  readonly wordCount: number;
  readonly #rows: number;
  readonly #free: Int32Array;
  /** The AND of a day's hours, [day][row]: right while `#dayKnown` is what `#dayChanged`, [day][word], is. */
  readonly #freeAllDay: Int32Array;
  readonly #dayKnown: Int32Array;
  readonly #dayChanged: Int32Array;

  /** At first all of every server is free in every slot. */
  constructor(sizes: Int16Array) {
    this.levels = sizes.reduce((most, size) => Math.max(most, size), 0);
    this.wordCount = Math.ceil(sizes.length / WORD_BITS);
    this.#rows = (this.levels + 1) * this.wordCount;
    this.#free = new Int32Array(entriesFor(this.#rows));
    this.#freeAllDay = new Int32Array(this.#rows * WINDOW_DAYS);
    this.#dayKnown = new Int32Array(this.#rows * WINDOW_DAYS);
    this.#dayChanged = new Int32Array(this.wordCount * WINDOW_DAYS).fill(1);
    for (let row = 0; row < this.#rows; row += 1) {
      const least = Math.max(1, Math.floor(row / this.wordCount));
      let all = 0;
      for (let bit = 0; bit < WORD_BITS; bit += 1)
        if ((sizes[(row % this.wordCount) * WORD_BITS + bit] ?? 0) >= least) all |= 1 << bit;
      for (let slot = 0; slot < SLOTS; slot += 1) this.#free[entryOf(this.#rows, row, slot)] = all;
    }
  }

  /** Where a reading is kept. */
  placesOf({ slots, days }: Reading): Places {
    return { entries: slots.map((slot) => entryOf(this.#rows, 0, slot)), days };
  }

  /** Of 32 servers, from 32 × `word` on, those with at least `level` cards free during all of a reading, as bits. */
  during(level: number, word: number, { entries, days }: Places): number {
    const free = this.#free;
    const row = level * this.wordCount + word;
    let all = -1;
    for (let i = 0; i < entries.length && all !== 0; i += 1) all &= free[(entries[i] ?? 0) + row * BLOCK_SLOTS] ?? 0;
    for (let i = 0; i < days.length && all !== 0; i += 1) all &= this.allDay(row, days[i] ?? 0);
    return all;
  }

  /** {@link during} one slot, by row. */
  at(row: number, slot: number): number {
    return this.#free[entryOf(this.#rows, row, slot)] ?? 0;
  }

  /** {@link during} all hours of a day, by row. */
  allDay(row: number, day: number): number {
    const changed = this.#dayChanged[day * this.wordCount + (row % this.wordCount)] ?? 0;
    const entry = day * this.#rows + row;
    if (this.#dayKnown[entry] === changed) return this.#freeAllDay[entry] ?? 0;
    let all = -1;
    for (let slot = day * DAY_HOURS; slot < (day + 1) * DAY_HOURS; slot += BLOCK_SLOTS)
      for (let at = entryOf(this.#rows, row, slot), end = at + BLOCK_SLOTS; at < end; at += 1)
        all &= this.#free[at] ?? 0;
    this.#freeAllDay[entry] = all;
    this.#dayKnown[entry] = changed;
    return all;
  }

  /**
   * Puts down what some levels, `lowest` to `highest`, have in a slot. How many servers these are, each counted once for each
   * of its levels.
   */
  begin(slot: number, lowest: number, highest: number, left: NarrowedWords): number {
    const free = this.#free;
    const { words, rows } = left;
    const first = entryOf(this.#rows, 0, slot);
    let [servers, count] = [0, 0];
    // Who has more has less, too: of each level only those words are read of which something has the one below.
    for (let level = lowest, from = 0, behind = this.wordCount; level <= highest && from < behind; level += 1) {
      for (let i = from; i < behind; i += 1) {
        const row = level === lowest ? level * this.wordCount + i : (rows[i] ?? 0) + this.wordCount;
        const there = free[first + row * BLOCK_SLOTS] ?? 0;
        if (there === 0) continue;
        servers += countBits(there);
        words[count] = there;
        rows[count] = row;
        count += 1;
      }
      from = level === lowest ? 0 : behind;
      behind = count;
    }
    left.count = count;
    return servers;
  }

  /** Leaves what is there in one more slot. How many servers go. */
  narrow(slot: number, left: NarrowedWords): number {
    const free = this.#free;
    const { words, rows, count } = left;
    const first = entryOf(this.#rows, 0, slot);
    let [lost, kept] = [0, 0];
    for (let i = 0; i < count; i += 1) {
      const row = rows[i] ?? 0;
      const before = words[i] ?? 0;
      const after = before & (free[first + row * BLOCK_SLOTS] ?? 0);
      if (after !== before) lost += countBits(before ^ after);
      if (after === 0) continue;
      words[kept] = after;
      rows[kept] = row;
      kept += 1;
    }
    left.count = kept;
    return lost;
  }

  /** What is left of some servers of a row in all of the hours `[from, to)`. */
  through(row: number, servers: number, from: number, to: number): number {
    const free = this.#free;
    let left = servers;
    for (let slot = slotOf(from), hours = to - from; hours > 0 && left !== 0; ) {
      const together = Math.min(hours, BLOCK_SLOTS - (slot & (BLOCK_SLOTS - 1)));
      const first = entryOf(this.#rows, row, slot);
      for (let at = first; at < first + together && left !== 0; at += 1) left &= free[at] ?? 0;
      hours -= together;
      slot = (slot + together) % WINDOW_HOURS;
    }
    return left;
  }

  /** Moves a server to another level in a slot: only the bits between the two change. */
  relevel(server: number, slot: number, before: number, after: number): void {
    const free = this.#free;
    const step = this.wordCount * BLOCK_SLOTS;
    const first = entryOf(this.#rows, server >> 5, slot);
    const bit = 1 << (server & 31);
    for (let level = before + 1, at = first + level * step; level <= after; level += 1, at += step)
      free[at] = (free[at] ?? 0) | bit;
    for (let level = after + 1, at = first + level * step; level <= before; level += 1, at += step)
      free[at] = (free[at] ?? 0) & ~bit;
  }

  /** Says of servers of a word that they have none of the levels up to one any more (1), or have all of them again (-1). */
  setUpTo(most: number, word: number, mask: number, sign: 1 | -1, runs: Runs): void {
    const free = this.#free;
    const step = this.wordCount * BLOCK_SLOTS;
    const [kept, added] = sign === 1 ? [~mask, 0] : [-1, mask];
    for (const [first, behind] of runs) {
      // Slots of one block are neighbours, so each level's are found at once.
      for (let slot = first, next = 0; slot < behind; slot = next) {
        next = Math.min(behind, (slot | (BLOCK_SLOTS - 1)) + 1);
        const from = entryOf(this.#rows, word, slot);
        for (let level = 0, at = from; level <= most; level += 1, at += step)
          for (let i = 0; i < next - slot; i += 1) free[at + i] = ((free[at + i] ?? 0) & kept) | added;
      }
    }
  }

  /** Says in a slot that a server is idle, or is not any more. */
  toggleIdle(server: number, slot: number): void {
    const at = entryOf(this.#rows, server >> 5, slot);
    this.#free[at] = (this.#free[at] ?? 0) ^ (1 << (server & 31));
  }

  /** Servers of a word have changed in some hours: what is known of their days is so no more. */
  changeHours(word: number, { from, to }: Hours): void {
    for (let hour = from; hour < to; hour += DAY_HOURS - (hour % DAY_HOURS))
      this.#changeDay(Math.floor(slotOf(hour) / DAY_HOURS) * this.wordCount + word);
  }

  /** Servers of a word, or any, have changed in every hour. */
  changeAll(word: number | null): void {
    if (word === null) for (let entry = 0; entry < this.#dayChanged.length; entry += 1) this.#changeDay(entry);
    else for (let day = 0; day < WINDOW_DAYS; day += 1) this.#changeDay(day * this.wordCount + word);
  }

  #changeDay(entry: number): void {
    this.#dayChanged[entry] = ((this.#dayChanged[entry] ?? 0) + 1) | 0;
  }
}
