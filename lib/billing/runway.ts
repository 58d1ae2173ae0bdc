import { bandBpsAt } from '#lib/catalog/price.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Instant } from '#lib/core/instant.ts';
import { chargeToDate, sumUnits, type Units, units } from '#lib/core/money.ts';

const HOUR_SECONDS = 3_600n;

/** What cards that run by the hour cost an hour at the band of an instant, in 1e-8 yuan. */
export function burnAt(
  running: readonly { readonly cards: number; readonly price: PriceVersion }[],
  at: Instant,
): Units {
  return sumUnits(
    running.map(({ cards, price }) => {
      const weightedSeconds = HOUR_SECONDS * BigInt(bandBpsAt(price, at));
      return units(chargeToDate(price.priceE10PerCardHour, weightedSeconds) * BigInt(cards));
    }),
  );
}

/**
 * Whole hours that money lasts at a rate, rounded down; null when nothing runs. What is held counts, because it pays
 * for what runs.
 */
export function runwayHours(wallet: {
  readonly spendableUnits: Units;
  readonly heldUnits: Units;
  readonly burnUnitsPerHour: Units;
}): bigint | null {
  const { spendableUnits, heldUnits, burnUnitsPerHour } = wallet;
  return burnUnitsPerHour > 0n ? (spendableUnits + heldUnits) / burnUnitsPerHour : null;
}
