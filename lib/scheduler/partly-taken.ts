import { HOUR_MS } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import { DAY_HOURS, hourOf, type Hours, LATER_SLOT, type Reading, SLOTS, slotOf, WINDOW_HOURS } from './hour-window.ts';

/** The slots of which an interval takes only a part. */
export function partsOf({ startAt, endAt }: Interval, { from, to, isLater }: Hours, baseHour: number): number[] {
  const slots: number[] = [];
  const first = hourOf(startAt);
  if (startAt !== first * HOUR_MS && first >= from && first < to) slots.push(slotOf(first));
  if (endAt !== null) {
    const last = hourOf(endAt);
    const isSame = slots.length > 0 && last === first;
    if (endAt !== last * HOUR_MS && last >= from && last < to && !isSame) slots.push(slotOf(last));
  }
  // Whatever lies after the window takes only a part of what is after the window, unless it takes all of it.
  const takesAllLater = endAt === null && startAt <= (baseHour + WINDOW_HOURS) * HOUR_MS;
  if (isLater && !takesAllLater) slots.push(LATER_SLOT);
  return slots;
}

/** Of which servers something takes a part of which hour, and how many cards. */
export class PartlyTaken {
  /** How many cards of all servers, by slot. */
  readonly #together: Int32Array;
  /** The servers as bits, [word][slot]; how many cards, by server × SLOTS + slot. */
  readonly #servers: Int32Array;
  readonly #cards = new Map<number, number>();

  /** `together` is kept up to date for whoever counts by slot. */
  constructor(wordCount: number, together: Int32Array) {
    this.#together = together;
    this.#servers = new Int32Array(wordCount * SLOTS);
  }

  /** Takes cards of a server for parts of slots; a negative number gives them back. */
  add(server: number, slots: readonly number[], cards: number): void {
    for (const slot of slots) this.#add(server, slot, cards);
  }

  /** Nothing takes a part of a slot of a server any more. */
  clear(server: number, slot: number): void {
    const cards = this.#cards.get(server * SLOTS + slot);
    if (cards !== undefined) this.#add(server, slot, -cards);
  }

  /** Of 32 servers, those that something takes for a part of an hour of a reading. */
  during(word: number, { slots, days }: Reading): number {
    const row = word * SLOTS;
    let some = 0;
    for (const slot of slots) some |= this.#servers[row + slot] ?? 0;
    for (const day of days) {
      for (let slot = day * DAY_HOURS; slot < (day + 1) * DAY_HOURS; slot += 1) some |= this.#servers[row + slot] ?? 0;
    }
    return some;
  }

  #add(server: number, slot: number, cards: number): void {
    const key = server * SLOTS + slot;
    const after = (this.#cards.get(key) ?? 0) + cards;
    const entry = (server >> 5) * SLOTS + slot;
    const bit = 1 << (server & 31);
    this.#together[slot] = (this.#together[slot] ?? 0) + cards;
    if (after === 0) {
      this.#cards.delete(key);
      this.#servers[entry] = (this.#servers[entry] ?? 0) & ~bit;
    } else {
      this.#cards.set(key, after);
      this.#servers[entry] = (this.#servers[entry] ?? 0) | bit;
    }
  }
}
