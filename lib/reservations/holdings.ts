import { endOf, type Interval } from '#lib/core/interval.ts';
import type { Booked } from './types.ts';

/**
 * When how many cards are reserved, as plain rows of numbers: every booking of an organisation asks it, and numbers side
 * by side are read many times faster than reservations are.
 */
export class Holdings {
  readonly #rows = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #cards: number[] = [];

  /** Sets what a reservation holds; undefined: nothing any more. */
  put(id: string, next: Pick<Booked, 'interval' | 'cards'> | undefined): void {
    const known = this.#rows.get(id);
    if (!next) {
      if (known !== undefined) this.#remove(id, known);
      return;
    }
    const row = known ?? this.#ids.length;
    this.#rows.set(id, row);
    this.#ids[row] = id;
    this.#starts[row] = next.interval.startAt;
    this.#ends[row] = endOf(next.interval);
    this.#cards[row] = next.cards;
  }

  /** The cards of all that share a time with `window`: at least as many as are held at any one moment of it. */
  cardsIn(window: Interval): number {
    const [starts, ends] = [this.#starts, this.#ends];
    const end = endOf(window);
    let cards = 0;
    for (let row = 0; row < starts.length; row += 1)
      if ((starts[row] ?? 0) < end && window.startAt < (ends[row] ?? 0)) cards += this.#cards[row] ?? 0;
    return cards;
  }

  /** The last row takes the place of the one that goes. */
  #remove(id: string, row: number): void {
    this.#rows.delete(id);
    const last = this.#ids.pop();
    const [start, end, cards] = [this.#starts.pop(), this.#ends.pop(), this.#cards.pop()];
    if (last === undefined || last === id || start === undefined || end === undefined || cards === undefined) return;
    this.#rows.set(last, row);
    this.#ids[row] = last;
    this.#starts[row] = start;
    this.#ends[row] = end;
    this.#cards[row] = cards;
  }
}
