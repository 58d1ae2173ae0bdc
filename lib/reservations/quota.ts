import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import type { Booked } from './types.ts';

/** The most cards that reservations hold at one moment of `window`. */
export function cardsInUse(reservations: Iterable<Pick<Booked, 'cards' | 'interval'>>, window: Interval): number {
  const inside = [...reservations].filter(({ interval }) => overlaps(interval, window));
  const edges = inside.flatMap(({ interval, cards }) => [
    { at: Math.max(interval.startAt, window.startAt), change: cards },
    { at: endOf(interval), change: -cards },
  ]);
  edges.sort((a, b) => a.at - b.at || a.change - b.change);
  let level = 0;
  return edges.reduce((peak, { change }) => {
    level += change;
    return Math.max(peak, level);
  }, 0);
}
