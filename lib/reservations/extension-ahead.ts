import { present } from '#lib/core/assert.ts';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import type { PoolMind } from './book.ts';
import { roomToExtend } from './changes.ts';
import type { Booked } from './types.ts';

/** By the hour, this much more is looked for; by the card, one more term. */
const WANTED_SECONDS = 86_400;

/** What stands behind a reservation's end when it cannot be extended as far as one would like. */
export type BlockedAhead = {
  /** Up to here, at least, it could be extended; its own end when not at all. */
  readonly untilAt: Instant;
  /** The first hour from which as many cards would be free for that time, in the same topology; null: none was found. */
  readonly followOnAt: Instant | null;
  /** Cards of the pool that are free throughout the time after the end: a smaller booking would fit. */
  readonly freeCards: number;
};

function wantedSeconds(mind: PoolMind, { term, priceVersionId }: Booked): number {
  if (term === null) return WANTED_SECONDS;
  const price = present(mind.book.catalog.prices.get(priceVersionId), 'price version');
  return present(
    price.terms.find((offered) => offered.term === term.kind),
    'term of the price version',
  ).termSeconds;
}

/**
 * Whether a running reservation could be extended by a day (by the card: by one more term) as things are promised now;
 * null when it could. It asks the plan once as an extension does, and changes nothing.
 */
export function blockedAhead({ book, planner }: PoolMind, reservation: Booked): BlockedAhead | null {
  const { id, cards, topology, gang, interval, term } = reservation;
  const endAt = present(interval.endAt, 'end');
  const wantedEndAt = plusSeconds(endAt, wantedSeconds({ book, planner }, reservation));
  const longer = { ...reservation, interval: { ...interval, endAt: wantedEndAt } };
  const room = roomToExtend({ book, planner }, reservation, longer);
  if (room.ok) return null;
  const isDraining = book.bindingsOf(id).some(({ card }) => book.cards[card]?.lifecycle === 'draining');
  const canGrow = term === null && !isDraining;
  // Only whole hours are booked ahead: the first one that is looked at is the one at or after the end.
  const justBefore = { startAt: plusSeconds(endAt, -1), endAt: plusSeconds(wantedEndAt, -1) };
  return {
    untilAt: canGrow ? planner.undisturbedUntil(id, wantedEndAt) : endAt,
    followOnAt: planner.earliestStart({ id: 'ahead', cards, topology, gang, interval: justBefore }),
    freeCards: planner.freeCards({ startAt: endAt, endAt: wantedEndAt }),
  };
}
