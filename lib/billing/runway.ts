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

/** What vouchers could pay of what runs: all that is left of them, and the rate of what they cover. */
export type VoucherCover = { readonly leftUnits: Units; readonly burnUnitsPerHour: Units };

/**
 * Whole hours that money lasts at a rate, rounded down; null when nothing runs. What is held counts, because it pays
 * for what runs, and so do vouchers, as far as they cover it: what they do not cover is paid by money from the first hour.
 */
export function runwayHours(wallet: {
  readonly spendableUnits: Units;
  readonly heldUnits: Units;
  readonly burnUnitsPerHour: Units;
  readonly vouchers?: VoucherCover;
}): bigint | null {
  const { spendableUnits, heldUnits, burnUnitsPerHour: burn, vouchers } = wallet;
  if (burn <= 0n) return null;
  const money = spendableUnits + heldUnits;
  const left = vouchers?.leftUnits ?? 0n;
  const uncovered = burn - (vouchers?.burnUnitsPerHour ?? 0n);
  // The uncovered part runs out of money before the vouchers are spent.
  const isShort = uncovered > 0n && money * (burn - uncovered) < left * uncovered;
  return isShort ? money / uncovered : (money + left) / burn;
}
