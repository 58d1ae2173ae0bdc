import { cardCharge, termPrice } from '#lib/catalog/price.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { type Instant, plusSeconds, secondsBetween } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { type Booked, HOLD_STEP_SECONDS } from './types.ts';

/** Money and card-seconds that a booking, an extension or a held hour sets aside for all its cards. */
export type Placement = { readonly amountUnits: Units; readonly cardSeconds: bigint };

/**
 * By the hour over `[from, to)` of a reservation that began at `startAt`: the difference of two charges to date, so
 * that what is held in steps equals what the whole costs.
 */
export function hourlyPlacement(
  price: PriceVersion,
  cards: number,
  startAt: Instant,
  from: Instant,
  to: Instant,
): Placement {
  const before = from > startAt ? cardCharge(price, { startAt, endAt: from }) : 0n;
  const after = cardCharge(price, { startAt, endAt: to });
  return {
    amountUnits: units((after - before) * BigInt(cards)),
    cardSeconds: BigInt(secondsBetween(from, to)) * BigInt(cards),
  };
}

/** By the card: one more term of a price version, paid in advance. Null when it is not sold by that term. */
export function termPlacement(
  price: PriceVersion,
  cards: number,
  kind: NonNullable<Booked['term']>['kind'],
): (Placement & { perCardUnits: Units; seconds: number }) | null {
  const term = price.terms.find((offered) => offered.term === kind);
  if (!term) return null;
  const perCardUnits = termPrice(price, term);
  return {
    perCardUnits,
    seconds: term.termSeconds,
    amountUnits: units(perCardUnits * BigInt(cards)),
    cardSeconds: BigInt(term.termSeconds) * BigInt(cards),
  };
}

/** Up to where the first hold of an open end reaches. */
export function firstHeldUntil(startAt: Instant): Instant {
  return plusSeconds(startAt, HOLD_STEP_SECONDS);
}
