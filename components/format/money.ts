import { type Fen, floorToFen, type PriceE10, toDecimal, type Units } from '#lib/core/money.ts';
import { groupDigits } from './digits.ts';

const SIGN = '¥';

/** The sign stands before the currency: `-¥12.30`. */
function withCurrency(decimal: string): string {
  return decimal.startsWith('-') ? `-${SIGN}${decimal.slice(1)}` : `${SIGN}${decimal}`;
}

/** `¥1,234.50`. */
export function formatFen(amount: Fen): string {
  return withCurrency(groupDigits(toDecimal(amount, 2, 2)));
}

/** `¥1,234.50`, whole fen, rounded down: as the wallet shows an amount. */
export function formatUnits(amount: Units): string {
  return formatFen(floorToFen(amount));
}

/** `¥1,234.50000001`: every digit that is there, at least two. For ledgers, formulas and explanations. */
export function formatUnitsExact(amount: Units): string {
  const decimal = toDecimal(amount, 8, 8).replace(/0{1,6}$/, '');
  return withCurrency(groupDigits(decimal));
}

/** `¥12.5000`, the price of a card-hour with four decimals, or all of them where it has more. */
export function formatPrice(price: PriceE10): string {
  const decimal = toDecimal(price, 10, 10).replace(/0{1,6}$/, '');
  return withCurrency(groupDigits(decimal));
}
