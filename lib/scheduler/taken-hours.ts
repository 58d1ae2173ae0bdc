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
  readonly #taken: number[] = [];
  /** The first of the fullest hours; null: not known since something was given back. */
  #fullest: number | null = null;

  constructor(index: HourIndex, server: number, interval: Interval) {
    this.#index = index;
    this.#hours = index.hours(interval);
    const { from, to, isLater } = this.#hours;
    for (let hour = from; hour < to; hour += 1) this.#taken.push(index.takenIn(server, slotOf(hour)));
    if (isLater) this.#taken.push(index.takenIn(server, LATER_SLOT));
  }

  /** True when at most so many cards would be left in the fullest hour, did all of some spans go that touch it. */
  mayFallTo(cards: number, spans: readonly Pick<Span, 'interval' | 'cards'>[]): boolean {
    const fullest = this.#first();
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
    return Math.max(0, this.#taken[this.#first()] ?? 0);
  }

  #first(): number {
    if (this.#fullest !== null) return this.#fullest;
    let fullest = 0;
    for (let i = 1; i < this.#taken.length; i += 1)
      if ((this.#taken[i] ?? 0) > (this.#taken[fullest] ?? 0)) fullest = i;
    this.#fullest = fullest;
    return fullest;
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
    this.#fullest = null;
    this.#taken[entry] = (this.#taken[entry] ?? 0) - cards;
  }
}
