import { floorToHour, HOUR_MS, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { divFloor, type PriceE10, priceE10, WHOLE_BPS } from '#lib/core/money.ts';
import { bandBpsAt } from './price.ts';
import type { PriceVersion, QueueTier, Sku } from './types.ts';

/** The price of a tier of queued jobs; null when the SKU is not sold in that tier now. */
export function tierPriceOf(sku: Pick<Sku, 'price' | 'tiers'>, tier: QueueTier): PriceVersion | null {
  if (tier === 'standard') return sku.price;
  return sku.tiers.find((sold) => sold.tier === tier)?.price ?? null;
}

/** Bands repeat every day: no more hours than these have to be looked at. */
const HOURS_MAX = 25;

/** The most that a card-hour costs at any moment of `[startAt, startAt + seconds)`: what a price cap is held against. */
export function highestPriceE10(price: PriceVersion, startAt: Instant, seconds: number): PriceE10 {
  if (price.bands.length === 0) return price.priceE10PerCardHour;
  const endAt = plusSeconds(startAt, seconds);
  let bps = 0;
  let hourAt: number = floorToHour(startAt);
  for (let hours = 0; hourAt < endAt && hours < HOURS_MAX; hours += 1, hourAt += HOUR_MS)
    bps = Math.max(bps, bandBpsAt(price, hourAt as Instant));
  return priceE10(divFloor(price.priceE10PerCardHour * BigInt(bps), WHOLE_BPS));
}
