import type { HourIndex } from './hour-index.ts';
import { type Hours, type Reading, readingOf } from './hour-window.ts';

/**
 * What the index says to be free over one time, for whoever asks the same more than once: each word is read when it is
 * first asked for, and kept until the room is opened for another time or state.
 */
export class KnownRoom {
  readonly index: HourIndex;
  reading: Reading = { slots: [], days: [] };
  #hours: Hours | null = null;
  #version = -1;
  /** By level × `wordCount` + word: right where `#readAt` is what `#opened` is. */
  readonly #words: Int32Array;
  readonly #readAt: Uint32Array;
  readonly #withSome: number[] = [];
  #someReadAt = 0;
  #opened = 0;

  constructor(index: HourIndex) {
    this.index = index;
    this.#words = new Int32Array((index.levels + 1) * index.wordCount);
    this.#readAt = new Uint32Array(this.#words.length);
  }

  /**
   * Makes it the room of some hours in a version of the state. What is known of just those stays known, also when the
   * window has moved: the same hours then lie as far within it.
   */
  open(hours: Hours, version: number): this {
    const before = this.#hours;
    const { from, to, isLater } = hours;
    if (this.#version === version && before?.from === from && before.to === to && before.isLater === isLater)
      return this;
    this.#hours = hours;
    this.#version = version;
    this.#opened += 1;
    this.reading = readingOf(hours);
    return this;
  }

  /** The words of which some server has something. */
  wordsWithSome(): readonly number[] {
    if (this.#someReadAt === this.#opened) return this.#withSome;
    this.#withSome.length = 0;
    for (let word = 0; word < this.index.wordCount; word += 1) if (this.word(1, word) !== 0) this.#withSome.push(word);
    this.#someReadAt = this.#opened;
    return this.#withSome;
  }

  /** The highest level that some server has. */
  highestLevel(): number {
    let highest = 0;
    // Who has more has less, too: whoever has no more than the best so far need not be read.
    for (const word of this.wordsWithSome())
      while (highest < this.index.levels && this.word(highest + 1, word) !== 0) highest += 1;
    return highest;
  }

  /** {@link word} of all servers, in the order of the words; right until the room is opened anew. */
  allWords(level: number): Int32Array {
    const { wordCount } = this.index;
    const first = level * wordCount;
    this.index.words.allDuring(level, this.reading, this.#words.subarray(first, first + wordCount));
    this.#readAt.fill(this.#opened, first, first + wordCount);
    return this.#words.subarray(first, first + wordCount);
  }

  /** Of 32 servers, those with at least `level` cards free during all of the time, as bits. */
  word(level: number, word: number): number {
    const at = level * this.index.wordCount + word;
    if (this.#readAt[at] === this.#opened) return this.#words[at] ?? 0;
    // Who has more has less, too.
    const below = at - this.index.wordCount;
    const isNone = level > 1 && this.#readAt[below] === this.#opened && this.#words[below] === 0;
    const found = isNone ? 0 : this.index.words.during(level, word, this.reading);
    this.#words[at] = found;
    this.#readAt[at] = this.#opened;
    return found;
  }
}
