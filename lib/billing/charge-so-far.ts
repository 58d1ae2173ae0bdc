import { bandBpsAt } from '#lib/catalog/price.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { UnchargedHour } from '#lib/metering/usage-so-far.ts';
import { rate } from './rate.ts';

/**
 * What the next charges of a reservation by the hour would come to, for what it used since the last ones: the same rule
 * as the hourly run, hour after hour of each allocation. `hours` of one group stand together, in order.
 */
export function chargeSoFar(price: PriceVersion, hours: readonly UnchargedHour[]): Units {
  let total = 0n;
  for (const group of Map.groupBy(hours, (hour) => hour.group).values()) {
    let before = group[0]?.before ?? { weightedSeconds: 0n, chargedUnits: 0n };
    for (const { hourAt, usedSeconds, allocations } of group) {
      const usage = { usedSeconds, unusedSeconds: 0, term: null, before };
      const rated = rate(usage, price.priceE10PerCardHour, bandBpsAt(price, hourAt));
      total += rated.amountUnits * BigInt(allocations);
      before = rated;
    }
  }
  return units(total);
}
