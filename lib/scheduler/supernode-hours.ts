import type { HourIndex } from './hour-index.ts';
import { LATER_SLOT, slotOf, WINDOW_HOURS } from './hour-window.ts';

/** So many cards in every hour; what may be free besides in a slot, that the counts do not know of. */
export type TogetherNeed = { readonly cards: number; readonly slackAt: (slot: number) => number };

/** The supernodes that have enough in every hour that was read, as far as their counts say. */
class SupernodesLeft {
  readonly #index: HourIndex;
  readonly #need: TogetherNeed;
  readonly #left: Int32Array;
  #count = 0;

  constructor(index: HourIndex, need: TogetherNeed) {
    this.#index = index;
    this.#need = need;
    this.#left = index.curves.allSupernodes();
    this.#count = this.#left.length;
  }

  /** Begins anew, with all of them. */
  restart(): void {
    this.#count = this.#left.length;
    for (let i = 0; i < this.#count; i += 1) this.#left[i] = i;
  }

  /** Reads one more slot; false when none is left. */
  read(slot: number): boolean {
    const least = this.#need.cards - this.#need.slackAt(slot);
    this.#count = this.#index.curves.keepThose(this.#left, this.#count, least, slot);
    return this.#count > 0;
  }
}

/**
 * The first hour from `from` on at which some supernode has enough in every one of `hours` hours, null: with no end. Each
 * stretch is read from its end, of all supernodes together: where none is left, no stretch that begins before can do.
 */
export function firstHourTogether(
  index: HourIndex,
  need: TogetherNeed,
  hours: number | null,
  from: number,
): number | null {
  const behind = index.baseHour + WINDOW_HOURS;
  const left = new SupernodesLeft(index, need);
  for (let start = from; start < behind; ) {
    const end = hours === null ? Number.POSITIVE_INFINITY : start + hours;
    left.restart();
    if (end > behind && !left.read(LATER_SLOT)) return null;
    let hour = Math.min(end, behind) - 1;
    while (hour >= start && left.read(slotOf(hour))) hour -= 1;
    if (hour < start) return start;
    start = hour + 1;
  }
  return null;
}

/** The hour of `[from, to)` from which on no supernode has had enough in every hour since `from`; `to` when one has. */
export function lastsTogether(index: HourIndex, need: TogetherNeed, from: number, to: number): number {
  const left = new SupernodesLeft(index, need);
  let hour = from;
  while (hour < to && left.read(slotOf(hour))) hour += 1;
  return hour;
}
