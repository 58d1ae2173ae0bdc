import type { Instant } from '#lib/core/instant.ts';

/** Something that will happen by itself, unless it is called off before. */
export type Appointment = { readonly at: Instant; isOff: boolean; readonly order: number; readonly happen: () => void };

/** What is due when: a binary heap by instant, then by the order in which it was asked for. */
export class Agenda {
  readonly #heap: Appointment[] = [];
  #asked = 0;

  add(at: Instant, happen: () => void): Appointment {
    const appointment = { at, isOff: false, order: this.#asked, happen };
    this.#asked += 1;
    this.#heap.push(appointment);
    this.#rise(this.#heap.length - 1);
    return appointment;
  }

  /** The instant of the next appointment that still stands; null when there is none. */
  nextAt(): Instant | null {
    while (this.#heap[0]?.isOff) this.#removeFirst();
    return this.#heap[0]?.at ?? null;
  }

  /** Takes the appointment that {@link Agenda.nextAt} speaks of. */
  take(): Appointment | null {
    return this.nextAt() === null ? null : this.#removeFirst();
  }

  #removeFirst(): Appointment | null {
    const first = this.#heap[0] ?? null;
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let first = index;
      if (this.#isBefore(left, first)) first = left;
      if (this.#isBefore(right, first)) first = right;
      if (first === index) return;
      this.#swap(index, first);
      index = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (!left || !right) return false;
    return left.at < right.at || (left.at === right.at && left.order < right.order);
  }

  #swap(a: number, b: number): void {
    const left = this.#heap[a];
    const right = this.#heap[b];
    if (!left || !right) return;
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}
