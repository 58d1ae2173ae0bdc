import type { HourIndex } from './hour-index.ts';
import { LATER_SLOT, slotOf, WINDOW_HOURS } from './hour-window.ts';

/** So many cards in every hour; what may be free besides in a slot, that the counts do not know of. */
export type TogetherNeed = { readonly cards: number; readonly slackAt: (slot: number) => number };

/** Keeps of so many supernodes, null: of all, those that have enough in one more slot, as far as their counts say. */
function left({ curves }: HourIndex, { cards, slackAt }: TogetherNeed, count: number | null, slot: number): number {
  return curves.keepThose(count, cards - slackAt(slot), slot);
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
  for (let start = from; start < behind; ) {
    const end = hours === null ? Number.POSITIVE_INFINITY : start + hours;
    let count = end > behind ? left(index, need, null, LATER_SLOT) : null;
    if (count === 0) return null;
    let hour = Math.min(end, behind);
    while (hour > start && count !== 0) {
      hour -= 1;
      count = left(index, need, count, slotOf(hour));
    }
    if (count !== 0) return start;
    start = hour + 1;
  }
  return null;
}

/** The hour of `[from, to)` from which on no supernode has had enough in every hour since `from`; `to` when one has. */
export function lastsTogether(index: HourIndex, need: TogetherNeed, from: number, to: number): number {
  let count: number | null = null;
  for (let hour = from; hour < to; hour += 1) {
    count = left(index, need, count, slotOf(hour));
    if (count === 0) return hour;
  }
  return to;
}
