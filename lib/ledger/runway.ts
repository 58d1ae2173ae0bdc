import type { Units } from '#lib/core/money.ts';

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
