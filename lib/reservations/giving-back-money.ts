import type { PriceVersion } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import { floorToSecond, type Instant, later, secondsBetween } from '#lib/core/instant.ts';
import { earnedToDate, type Units, units, ZERO_UNITS } from '#lib/core/money.ts';
import { hourlyPlacement, type Placement } from './amounts.ts';
import type { PoolMind } from './book.ts';
import type { Booked } from './types.ts';
import type { Bound } from './planner-types.ts';
import type { Change } from './decision-types.ts';

const FULL_BPS = 10_000n;
const NOTHING: Placement = { amountUnits: ZERO_UNITS, cardSeconds: 0n };

/**
 * What is set aside for cards from `at` on and returns with them: by the hour all that they were not going to use yet;
 * by the card before the start all of it. A running term is earned on to its end, so nothing of it returns here.
 */
export function freedBy(price: PriceVersion, reservation: Booked, cards: number, at: Instant): Placement {
  const { interval, heldUntil, term, state } = reservation;
  if (term === null) {
    const until = present(interval.endAt ?? heldUntil, 'end of what is held');
    const from = later(interval.startAt, at);
    return from < until ? hourlyPlacement(price, cards, interval.startAt, from, until) : NOTHING;
  }
  if (state === 'active') return NOTHING;
  return {
    amountUnits: units(term.priceUnits * BigInt(cards)),
    cardSeconds: BigInt(term.seconds) * BigInt(cards),
  };
}

/**
 * What is credited for cards of a running term that go back to the market at `at`: the published share of what the rest
 * of the term cost, rounded down for each card (`decisions/018`).
 */
export function creditFor(
  price: Pick<PriceVersion, 'returnShareBps'>,
  reservation: Pick<Booked, 'interval' | 'term' | 'state'>,
  cards: number,
  at: Instant,
): Units {
  const { interval, term, state } = reservation;
  if (term === null || state !== 'active' || interval.endAt === null || at >= interval.endAt) return ZERO_UNITS;
  const rest = earnedToDate(
    term.priceUnits,
    BigInt(secondsBetween(later(at, interval.startAt), interval.endAt)),
    BigInt(term.seconds),
  );
  return units(((rest * BigInt(price.returnShareBps)) / FULL_BPS) * BigInt(cards));
}

/** Of some bound cards, those that work: for a failed one nothing is charged any more, so nothing is credited. */
export function workingOf(reservation: Booked, bound: readonly Bound[]): Bound[] {
  const lost = new Set(reservation.lost.map(({ card }) => card));
  return bound.filter(({ card }) => !lost.has(card));
}

/** The credit for cards of a running term as a change; none when there is nothing to credit. */
export function creditChange(
  mind: PoolMind,
  reservation: Booked,
  cards: number,
  cardsLeft: number,
  now: Instant,
): Change[] {
  const price = present(mind.book.catalog.prices.get(reservation.priceVersionId), 'price version');
  const amountUnits = creditFor(price, reservation, cards, floorToSecond(now));
  return amountUnits === 0n ? [] : [{ kind: 'hoursCredited', reservation, cardsLeft, amountUnits, at: now }];
}
