import type { Instant } from '#lib/core/instant.ts';
import { endOf, FOREVER, type Interval } from '#lib/core/interval.ts';
import { HeldDays } from './held-days.ts';
import type { Booked } from './types.ts';

/** Into how many parts a window is divided: of up to three days, hours. */
const PARTS = 72;

/**
 * When how many cards are reserved, as plain rows of numbers: every booking of an organisation asks it, and numbers side
 * by side are read many times faster than reservations are.
 */
export class Holdings {
  readonly #rows = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #starts: Instant[] = [];
  readonly #ends: Instant[] = [];
  readonly #cards: number[] = [];
  readonly #days = new HeldDays();
  /** Nothing has begun or ended later than this but what has no end: from then on nothing changes. */
  #latest = 0;
  /** How many cards more each part has than the one before it. */
  readonly #changes = new Float64Array(PARTS + 1);

  /** Sets what a reservation holds; undefined: nothing any more. */
  put(id: string, next: Pick<Booked, 'interval' | 'cards'> | undefined): void {
    const known = this.#rows.get(id);
    if (!next) {
      if (known !== undefined) this.#remove(id, known);
      return;
    }
    if (known !== undefined) this.#giveBack(known);
    const row = known ?? this.#ids.length;
    this.#days.add(next.interval, next.cards);
    this.#rows.set(id, row);
    this.#ids[row] = id;
    this.#starts[row] = next.interval.startAt;
    this.#ends[row] = endOf(next.interval);
    this.#latest = Math.max(this.#latest, next.interval.endAt ?? next.interval.startAt + 1);
    this.#cards[row] = next.cards;
  }

  /**
   * At least as many cards as are held at any one moment of `window`, at most those of all that share a time with it: the
   * window is looked at in {@link PARTS} parts, and who holds cards in a part counts for all of it. Where days say no more
   * than `enough`, what they say is the answer.
   */
  mostIn(window: Interval, enough = 0): number {
    const roughly = this.#days.mostIn(window);
    if (roughly <= enough) return roughly;
    const [starts, ends, changes] = [this.#starts, this.#ends, this.#changes.fill(0)];
    const from = window.startAt;
    const to = Math.max(from + 1, Math.min(endOf(window), this.#latest));
    const partMs = Math.max(1, Math.ceil((to - from) / PARTS));
    for (let row = 0; row < starts.length; row += 1) {
      const [start, end, cards] = [starts[row] ?? 0, ends[row] ?? 0, this.#cards[row] ?? 0];
      if (start >= to || end <= from) continue;
      const first = start <= from ? 0 : Math.floor((start - from) / partMs);
      const behind = end >= to ? PARTS : Math.floor((end - 1 - from) / partMs) + 1;
      changes[first] = (changes[first] ?? 0) + cards;
      changes[behind] = (changes[behind] ?? 0) - cards;
    }
    let [cards, most] = [0, 0];
    for (let part = 0; part < PARTS; part += 1) {
      cards += changes[part] ?? 0;
      if (cards > most) most = cards;
    }
    return most;
  }

  /** What a row holds counts for its days no more. */
  #giveBack(row: number): void {
    const [startAt, end, cards] = [this.#starts[row], this.#ends[row], this.#cards[row]];
    if (startAt === undefined || end === undefined || cards === undefined) return;
    this.#days.add({ startAt, endAt: end === FOREVER ? null : end }, -cards);
  }

  /** The last row takes the place of the one that goes. */
  #remove(id: string, row: number): void {
    this.#rows.delete(id);
    this.#giveBack(row);
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
