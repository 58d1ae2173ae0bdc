import { divFloor, toDecimal } from '#lib/core/money.ts';
import { groupDigits } from './digits.ts';

/** Card-hours of card-seconds with two decimals, rounded down: 9,000 → `2.50`. The unit stands beside it. */
export function formatCardHours(cardSeconds: bigint | number): string {
  return groupDigits(toDecimal(divFloor(BigInt(cardSeconds) * 100n, 3_600n), 2, 2));
}
