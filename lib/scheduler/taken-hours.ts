import { HOUR_MS } from '#lib/core/instant.ts';
import { endOf, FOREVER, type Interval } from '#lib/core/interval.ts';
import type { HourIndex } from './hour-index.ts';
import { type Hours, LATER_SLOT, slotOf } from './hour-window.ts';
import type { Span } from './profile.ts';

/** How many cards of one server are taken in the hours of an interval: a copy, to see what it would be without some. */
export class TakenHours {
  readonly #index: HourIndex;
  readonly #hours: Hours;
  /** One number an hour, and the last for all that lies after the window, where the interval goes on there. */
  readonly #taken: Int32Array;

  constructor(index: HourIndex, server: number, interval: Interval) {
    this.#index = index;
    this.#hours = index.hours(interval);
    const { from, to, isLater } = this.#hours;
    this.#taken = new Int32Array(to - from + (isLater ? 1 : 0));
    for (let hour = from; hour < to; hour += 1) this.#taken[hour - from] = index.takenIn(server, slotOf(hour));
    if (isLater) this.#taken[to - from] = index.takenIn(server, LATER_SLOT);
  }

  /** True when at most so many cards would be left in the fullest hour, did all of some spans go that touch it. */
  mayFallTo(cards: number, spans: readonly Pick<Span, 'interval' | 'cards'>[]): boolean {
    let fullest = 0;
    for (let i = 1; i < this.#taken.length; i += 1)
      if ((this.#taken[i] ?? 0) > (this.#taken[fullest] ?? 0)) fullest = i;
    const startAt = (this.#hours.from + fullest) * HOUR_MS;
    const isLater = this.#hours.isLater && fullest === this.#taken.length - 1;
    const endAt = isLater ? FOREVER : startAt + HOUR_MS;
    let left = this.#taken[fullest] ?? 0;
    for (const { interval, cards: given } of spans)
      if (interval.startAt < endAt && endOf(interval) > startAt) left -= given;
    return left <= cards;
  }

  /** The most cards that are taken in one of the hours. */
  get most(): number {
    let most = 0;
    for (let i = 0; i < this.#taken.length; i += 1) most = Math.max(most, this.#taken[i] ?? 0);
    return most;
  }

  /** As if so many cards were not taken for an interval. */
  giveBack(interval: Interval, cards: number): void {
    const { from, to, isLater } = this.#index.hours(interval);
    const own = this.#hours;
    const behind = Math.min(to, own.to);
    for (let hour = Math.max(from, own.from); hour < behind; hour += 1) this.#lower(hour - own.from, cards);
    if (isLater && own.isLater) this.#lower(own.to - own.from, cards);
  }

  #lower(entry: number, cards: number): void {
    this.#taken[entry] = (this.#taken[entry] ?? 0) - cards;
  }
}
