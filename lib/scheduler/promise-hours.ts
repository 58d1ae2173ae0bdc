import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import { endOf, FOREVER, type Interval, overlaps } from '#lib/core/interval.ts';
import { hourOf, slotOf, WINDOW_HOURS } from './hour-window.ts';
import { dropIn, type Group, putIn } from './promise-order.ts';
import type { PlannedPromise } from './types.ts';

/** The last hour, counted from 1970, of what is over at an instant. */
export function lastHourOf(endAt: Instant): number {
  return Math.ceil(endAt / HOUR_MS) - 1;
}

/**
 * Which promises hold cards in which hour: how many for each hour of the window, counted with every change, and by the
 * hour in which they end, so that whoever asks who is over first looks at few. It follows from the promises alone.
 */
export class PromiseHours {
  #baseHour = 0;
  readonly #counts = new Int32Array(WINDOW_HOURS);
  readonly #cards = new Int32Array(WINDOW_HOURS);
  /** How often something changed in an hour. */
  readonly #changes = new Int32Array(WINDOW_HOURS);
  /** By the last hour that they touch. */
  readonly #ending = new Map<number, Group>();
  /** Those that begin within an hour, by that hour. */
  readonly #beginningWithin = new Map<number, Group>();
  /** No promise with an end has touched an hour after this one. */
  #latestEndHour = 0;

  add(promise: PlannedPromise): void {
    const { interval } = promise;
    const last = lastHourOf(endOf(interval));
    putIn(this.#ending, last, promise);
    if (interval.endAt !== null) this.#latestEndHour = Math.max(this.#latestEndHour, last);
    if (interval.startAt % HOUR_MS !== 0) putIn(this.#beginningWithin, hourOf(interval.startAt), promise);
    this.#count(promise, 1, this.#baseHour);
  }

  delete(promise: PlannedPromise): void {
    dropIn(this.#ending, lastHourOf(endOf(promise.interval)), promise);
    if (promise.interval.startAt % HOUR_MS !== 0)
      dropIn(this.#beginningWithin, hourOf(promise.interval.startAt), promise);
    this.#count(promise, -1, this.#baseHour);
  }

  /** Moves the window of counted hours, so that it begins with the hour of an instant; also back. */
  advanceTo(now: Instant): void {
    const [before, base] = [this.#baseHour, hourOf(now)];
    if (base === before) return;
    const isNew = base < before || base - before >= WINDOW_HOURS;
    const from = isNew ? base : before + WINDOW_HOURS;
    for (let hour = from; hour < base + WINDOW_HOURS; hour += 1) {
      this.#counts[slotOf(hour)] = 0;
      this.#cards[slotOf(hour)] = 0;
    }
    this.#baseHour = base;
    for (const { promises } of this.#ending.values()) for (const promise of promises) this.#count(promise, 1, from);
  }

  /** A number that is another after each change of who holds cards in an hour; null for one outside the window. */
  changesIn(hour: number): number | null {
    const isKnown = hour >= this.#baseHour && hour < this.#baseHour + WINDOW_HOURS;
    return isKnown ? (this.#changes[slotOf(hour)] ?? 0) : null;
  }

  /** How many promises, and how many cards of theirs, share a time with a part of one clock hour, or with all of it. */
  tallyIn(part: Interval): { count: number; cards: number } {
    const hour = hourOf(part.startAt);
    let [count, cards] = [0, 0];
    if (hour < this.#baseHour || hour >= this.#baseHour + WINDOW_HOURS) {
      for (const promise of this.firstToEnd(part, null, Number.POSITIVE_INFINITY))
        [count, cards] = [count + 1, cards + promise.cards];
      return { count, cards };
    }
    [count, cards] = [this.#counts[slotOf(hour)] ?? 0, this.#cards[slotOf(hour)] ?? 0];
    if (part.startAt % HOUR_MS !== 0)
      for (const promise of this.#ending.get(hour)?.promises ?? [])
        if (endOf(promise.interval) <= part.startAt) [count, cards] = [count - 1, cards - promise.cards];
    if (endOf(part) < (hour + 1) * HOUR_MS)
      for (const promise of this.#beginningWithin.get(hour)?.promises ?? [])
        if (promise.interval.startAt >= endOf(part)) [count, cards] = [count - 1, cards - promise.cards];
    return { count, cards };
  }

  /**
   * The promises but one that share a time with a part of one clock hour, at most so many: who is over first comes first,
   * then who holds more, then the lower id; those without an end come last.
   */
  firstToEnd(part: Interval, itself: string | null, countMax: number): PlannedPromise[] {
    const found: PlannedPromise[] = [];
    for (let hour = hourOf(part.startAt); hour <= this.#latestEndHour && found.length < countMax; hour += 1)
      this.#collect(hour, part, itself, countMax, found);
    this.#collect(lastHourOf(FOREVER), part, itself, countMax, found);
    return found;
  }

  #collect(endHour: number, part: Interval, itself: string | null, countMax: number, found: PlannedPromise[]): void {
    for (const promise of this.#ending.get(endHour)?.promises ?? []) {
      if (found.length >= countMax) return;
      if (promise.id !== itself && overlaps(promise.interval, part)) found.push(promise);
    }
  }

  #count({ interval, cards }: PlannedPromise, sign: 1 | -1, fromHour: number): void {
    const from = Math.max(fromHour, hourOf(interval.startAt));
    const behind = Math.min(this.#baseHour + WINDOW_HOURS, lastHourOf(endOf(interval)) + 1);
    for (let hour = from, slot = slotOf(from); hour < behind; hour += 1, slot += 1) {
      if (slot === WINDOW_HOURS) slot = 0;
      this.#counts[slot] = (this.#counts[slot] ?? 0) + sign;
      this.#cards[slot] = (this.#cards[slot] ?? 0) + sign * cards;
      this.#changes[slot] = ((this.#changes[slot] ?? 0) + 1) | 0;
    }
  }
}
