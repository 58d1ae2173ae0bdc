/**
 * Starts at which something is there for as long as it is wanted, as stretches from a first to a last one. Stretches of one
 * owner, a server for instance, do not touch, so those that hold an instant are as many as the owners that do.
 */
export class Starts {
  #count = 0;
  #firsts = new Float64Array(16);
  #lasts = new Float64Array(16);

  /** Adds the starts from `first` to `last`; none when that is before it. */
  add(first: number, last: number): void {
    if (last < first) return;
    if (this.#count === this.#firsts.length) {
      this.#firsts = doubled(this.#firsts);
      this.#lasts = doubled(this.#lasts);
    }
    this.#firsts[this.#count] = first;
    this.#lasts[this.#count] = last;
    this.#count += 1;
  }

  /** Adds all of some other stretches. */
  addAll(others: Starts): void {
    for (let i = 0; i < others.#count; i += 1) this.add(others.#firsts[i] ?? 0, others.#lasts[i] ?? 0);
  }

  /** Adds the starts at which at least `count` of some other stretches hold. */
  addWhereAtLeast(count: number, others: Starts): void {
    const firsts = others.#firsts.slice(0, others.#count).sort();
    const lasts = others.#lasts.slice(0, others.#count).sort();
    let [open, closed] = [0, 0];
    let since: number | null = null;
    while (closed < lasts.length) {
      const last = lasts[closed] ?? 0;
      // A stretch still holds at its last start, so whatever begins by then meets it.
      while (open < firsts.length && (firsts[open] ?? 0) <= last) {
        open += 1;
        if (open - closed === count) since ??= firsts[open - 1] ?? 0;
      }
      closed += 1;
      if (since === null || open - closed >= count) continue;
      this.add(since, last);
      since = null;
    }
  }

  /** The first start of all; null when there is none. */
  first(): number | null {
    let first = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#count; i += 1) first = Math.min(first, this.#firsts[i] ?? first);
    return first === Number.POSITIVE_INFINITY ? null : first;
  }
}

function doubled(from: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const to = new Float64Array(2 * from.length);
  to.set(from);
  return to;
}
