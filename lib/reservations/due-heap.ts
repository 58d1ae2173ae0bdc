import type { Instant } from '#lib/core/instant.ts';

/** When time asks something of a reservation. At one instant the lower rank comes first, then the lower id. */
export type Entry = { readonly at: Instant; readonly rank: number; readonly id: string };

function isBefore(a: Entry, b: Entry): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.rank === b.rank ? a.id < b.id : a.rank < b.rank;
}

/**
 * A binary heap of what waits for its time. Entries are never taken out of the middle: whoever looks at the first one
 * drops it when it is no longer true.
 */
export class DueHeap {
  readonly #heap: Entry[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The entry that comes first. */
  get first(): Entry | undefined {
    return this.#heap[0];
  }

  clear(): void {
    this.#heap.length = 0;
  }

  push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = heap[(at - 1) >> 1];
      if (!above || !isBefore(entry, above)) break;
      heap[at] = above;
      at = (at - 1) >> 1;
    }
    heap[at] = entry;
  }

  /** Drops the first entry. */
  drop(): void {
    const heap = this.#heap;
    const entry = heap.pop();
    if (!entry || heap.length === 0) return;
    let at = 0;
    for (let below = heap[1]; below; below = heap[2 * at + 1]) {
      const right = heap[2 * at + 2];
      const isRight = right !== undefined && isBefore(right, below);
      const least = isRight ? right : below;
      if (!isBefore(least, entry)) break;
      heap[at] = least;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = entry;
  }
}
