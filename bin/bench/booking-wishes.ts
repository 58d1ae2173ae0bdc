import { present } from '#lib/core/assert.ts';
import type { BookingMarket, BookingWish } from '#lib/engine/testing-bookings.ts';

type Random = () => number;

const DAYS = 60;
const LENGTH_HOURS_MAX = 72;
/** How many bookings are for now, so that their cards are bound in the same round. */
const NOW_SHARE = 0.05;

function pick<T>(next: Random, choices: readonly T[]): T {
  return present(choices[Math.floor(choices.length * next())], 'a choice');
}

function wishOf(market: BookingMarket, next: Random, cards: number, topology: BookingWish['topology']): BookingWish {
  return {
    organisationId: pick(next, market.organisations),
    cards,
    topology,
    startHour: next() < NOW_SHARE ? null : 1 + Math.floor(next() * DAYS * 24),
    hours: Math.max(1, Math.round(Math.exp(next() * Math.log(LENGTH_HOURS_MAX)))),
  };
}

/** What a pool is filled with: the published mixture of sizes over sixty days; sizes fit pools of 10,000 cards. */
export function drawFilling(market: BookingMarket, next: Random): BookingWish {
  const kind = next();
  if (kind < 0.45) return wishOf(market, next, pick(next, [1, 2, 4, 8]), pick(next, ['any', 'same-server']));
  const cards = kind < 0.85 ? 16 * pick(next, [1, 2, 4, 8, 12]) : kind < 0.97 ? 384 : 768;
  return wishOf(market, next, cards, pick(next, ['any', 'whole-servers']));
}

/** What small and medium companies book: one card to one server. */
export function drawBooking(market: BookingMarket, next: Random): BookingWish {
  return wishOf(market, next, pick(next, [1, 1, 1, 2, 2, 4, 8, 16]), pick(next, ['any', 'same-server']));
}
