import { DAY_MS } from '#lib/core/instant.ts';
import { endOf, type Interval } from '#lib/core/interval.ts';

/**
 * How many cards are held by the day: whoever holds cards at some moment of a day counts for all of it, and what has no
 * end counts for every day. So it says too much, in a few numbers: what is far below a quota need not be counted closely.
 */
export class HeldDays {
  /** By the days since 1970 on which something is held. */
  readonly #cards = new Map<number, number>();
  #withoutEnd = 0;

  /** Holds cards for an interval; a negative number gives them back. */
  add({ startAt, endAt }: Interval, cards: number): void {
    if (endAt === null) {
      this.#withoutEnd += cards;
      return;
    }
    for (let day = Math.floor(startAt / DAY_MS); day * DAY_MS < endAt; day += 1) {
      const held = (this.#cards.get(day) ?? 0) + cards;
      if (held === 0) this.#cards.delete(day);
      else this.#cards.set(day, held);
    }
  }

  /** At least as many cards as are held at any one moment of a window. */
  mostIn(window: Interval): number {
    const first = Math.floor(window.startAt / DAY_MS);
    // A window of no length is still a moment of its day.
    const behind = Math.max(first + 1, Math.ceil(endOf(window) / DAY_MS));
    let most = 0;
    if (behind - first <= this.#cards.size)
      for (let day = first; day < behind; day += 1) most = Math.max(most, this.#cards.get(day) ?? 0);
    else for (const [day, cards] of this.#cards) if (first <= day && day < behind) most = Math.max(most, cards);
    return most + this.#withoutEnd;
  }
}
