import { present } from '#lib/core/assert.ts';
import type { Hours } from './hour-window.ts';
import type { Share } from './types.ts';

/** So many changes are kept. What was not looked at for longer is known no more. */
const KEPT_MAX = 1_024;

/** What came free in the hours `[from, to)`, `to` endless for what has no end; not `isCounted`: counts need not say so. */
export type Freed = {
  readonly from: number;
  readonly to: number;
  /** Numbers of words of 32 servers, and beside them which of these it is, as bits. */
  readonly words: readonly number[];
  readonly masks: readonly number[];
  /** At most so many cards of each, and so many of all. */
  readonly cards: number;
  readonly sum: number;
  readonly isCounted: boolean;
};

/**
 * In which hours of the index something came free, one change after another. What is known not to fit stays known through
 * all other changes: an hour that only gets fuller has no room for what it had none for.
 */
export class FreedHours {
  readonly #kept: Freed[] = [];
  /** Their hours beside them: most that are gone through share none with what is asked about. */
  readonly #from = new Float64Array(KEPT_MAX);
  readonly #to = new Float64Array(KEPT_MAX);
  #count = 0;
  #isTrying = false;

  /** Up to where changes were noted: who has read up to there knows them all. */
  get count(): number {
    return this.#count;
  }

  /** True while what changes will be taken back. */
  get isTrying(): boolean {
    return this.#isTrying;
  }

  /** Changes before this one are not kept any more. */
  get oldest(): number {
    return Math.max(0, this.#count - KEPT_MAX);
  }

  /** Notes that shares came free; what is only tried is not noted, because it is taken back. */
  note({ from, to: last, isLater }: Hours, shares: readonly Share[], isCounted: boolean): void {
    if (this.#isTrying) return;
    const to = isLater ? Number.POSITIVE_INFINITY : last;
    const [words, masks]: [number[], number[]] = [[], []];
    let [cards, sum] = [0, 0];
    for (const share of shares) {
      const [word, bit] = [share.server >> 5, 1 << (share.server & 31)];
      const mask = words.at(-1) === word ? (masks.at(-1) ?? 0) : 0;
      // A server that is named twice counts twice.
      if (mask === 0 || (mask & bit) !== 0) {
        words.push(word);
        masks.push(bit);
      } else masks[masks.length - 1] = mask | bit;
      if (share.cards > cards) cards = share.cards;
      sum += share.cards;
    }
    const at = this.#count % KEPT_MAX;
    this.#kept[at] = { from, to, words, masks, cards, sum, isCounted };
    this.#from[at] = from;
    this.#to[at] = to;
    this.#count += 1;
  }

  /** The first change from one that is kept on that shares an hour with `[first, behind)`; what the next will be when none does. */
  nextIn(from: number, first: number, behind: number): number {
    let next = from;
    for (; next < this.#count; next += 1) {
      const at = next % KEPT_MAX;
      if ((this.#from[at] ?? 0) < behind && (this.#to[at] ?? 0) > first) break;
    }
    return next;
  }

  /** A change that is kept. */
  at(count: number): Freed {
    return present(this.#kept[count % KEPT_MAX], 'a change that is kept');
  }

  /** Runs what takes all its changes back: then nothing came free. */
  trying<T>(work: () => T): T {
    const wasTrying = this.#isTrying;
    this.#isTrying = true;
    try {
      return work();
    } finally {
      this.#isTrying = wasTrying;
    }
  }
}
