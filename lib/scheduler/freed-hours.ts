import { invariant } from '#lib/core/assert.ts';
import type { Hours } from './hour-window.ts';

/** So many changes are kept. Whoever has not read for longer must begin anew. */
const KEPT_MAX = 512;
const FIELDS = 6;

/** At most so much came free in some hours: cards, on so many servers, none with more than `highest` free, some idle. */
export type Freed = {
  readonly cards: number;
  readonly servers: number;
  readonly highest: number;
  readonly idle: number;
};

/**
 * In which hours of the index something came free, one change after another. What is known not to fit stays known through
 * all other changes: an hour that only gets fuller has no room for what it had none for.
 */
export class FreedHours {
  readonly #entries = new Int32Array(KEPT_MAX * FIELDS);
  #count = 0;
  #oldest = 0;
  #isTrying = false;

  /** Up to where changes were noted: who has read up to there knows them all. */
  get count(): number {
    invariant(!this.#isTrying, 'what is tried changes nothing that is known');
    return this.#count;
  }

  /** Notes that something came free. */
  note({ from, to }: Pick<Hours, 'from' | 'to'>, { cards, servers, highest, idle }: Freed): void {
    this.#entries.set([from, to, cards, servers, highest, idle], (this.#count % KEPT_MAX) * FIELDS);
    this.#count += 1;
    this.#oldest = Math.max(this.#oldest, this.#count - KEPT_MAX);
  }

  /** Visits what was noted since; false when that is not kept any more. */
  since(count: number, visit: (from: number, to: number, freed: Freed) => void): boolean {
    if (count < this.#oldest) return false;
    const entries = this.#entries;
    for (let i = count; i < this.count; i += 1) {
      const at = (i % KEPT_MAX) * FIELDS;
      const [cards, servers] = [entries[at + 2] ?? 0, entries[at + 3] ?? 0];
      const [highest, idle] = [entries[at + 4] ?? 0, entries[at + 5] ?? 0];
      visit(entries[at] ?? 0, entries[at + 1] ?? 0, { cards, servers, highest, idle });
    }
    return true;
  }

  /** Runs what takes all its changes back: then nothing came free. */
  trying<T>(work: () => T): T {
    const [count, wasTrying] = [this.#count, this.#isTrying];
    this.#isTrying = true;
    try {
      return work();
    } finally {
      this.#isTrying = wasTrying;
      this.#count = count;
    }
  }
}
