import type { HourIndex } from './hour-index.ts';
import type { Places } from './free-words.ts';
import { type Hours, type Reading, readingOf } from './hour-window.ts';

/**
 * What the index says to be free over one time, for whoever asks the same more than once: each word is read when it is
 * first asked for, and kept until the room is opened for another time or state.
 */
export class KnownRoom {
  readonly index: HourIndex;
  reading: Reading = { slots: [], days: [] };
  #places: Places | null = null;
  #hours: Hours | null = null;
  #version = -1;
  /** By level × `wordCount` + word: right where `#readAt` is what `#opened` is. */
  readonly #words: Int32Array;
  readonly #readAt: Uint32Array;
  /** By how many cards, as far as was asked. */
  readonly #wordsWith: number[][];
  #opened = 0;

  constructor(index: HourIndex) {
    this.index = index;
    this.#words = new Int32Array((index.levels + 1) * index.wordCount);
    this.#readAt = new Uint32Array(this.#words.length);
    this.#wordsWith = [Array.from({ length: index.wordCount }, (_, word) => word)];
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
    this.#wordsWith.length = 1;
    this.reading = readingOf(hours);
    this.#places = null;
    return this;
  }

  /** The words of which some server has so many cards, rising: of 0 all words. Right until the room is opened anew. */
  wordsWith(cards: number): readonly number[] {
    const words = this.#wordsWith;
    // Who has more has less, too.
    for (let more = words.length; more <= cards; more += 1)
      words.push((words[more - 1] ?? []).filter((word) => this.word(more, word) !== 0));
    return words[cards] ?? [];
  }

  /** The highest level that some server has. */
  highestLevel(): number {
    let highest = 0;
    while (highest < this.index.levels && this.wordsWith(highest + 1).length > 0) highest += 1;
    return highest;
  }

  /** {@link word} of all servers, in the order of the words; right until the room is opened anew. */
  allWords(level: number): Int32Array {
    const { wordCount } = this.index;
    const first = level * wordCount;
    for (let word = 0; word < wordCount; word += 1) this.word(level, word);
    return this.#words.subarray(first, first + wordCount);
  }

  /** Of 32 servers, those with at least `level` cards free during all of the time, as bits. */
  word(level: number, word: number): number {
    const at = level * this.index.wordCount + word;
    if (this.#readAt[at] === this.#opened) return this.#words[at] ?? 0;
    // Who has more has less, too.
    const below = at - this.index.wordCount;
    const isNone = level > 1 && this.#readAt[below] === this.#opened && this.#words[below] === 0;
    this.#places ??= this.index.words.placesOf(this.reading);
    const found = isNone ? 0 : this.index.words.during(level, word, this.#places);
    this.#words[at] = found;
    this.#readAt[at] = this.#opened;
    return found;
  }
}
