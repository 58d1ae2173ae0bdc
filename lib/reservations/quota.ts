import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import type { Booked } from './types.ts';

/** The most cards that an organisation's live reservations hold at one moment of `window`. */
export function cardsInUse(reservations: Iterable<Booked>, organisationId: string, window: Interval): number {
  const own = [...reservations].filter((r) => r.organisationId === organisationId && overlaps(r.interval, window));
  const edges = own.flatMap(({ interval, cards }) => [
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
