import { type Decimal, decimal, decimalText, roundedQuotient, times } from '#lib/core/decimal.ts';
import { type PriceE10, type Units, units, WHOLE_BPS } from '#lib/core/money.ts';
import type { UsageRecord } from '../types.ts';

/** Digits of a price without tax, and of card-hours. Their product is exact, with the digits of both. */
const PRICE_SCALE = 10;
const QUANTITY_SCALE = 10;
const UNIT_SCALE = 8;
/** A factor in basis points adds four digits. */
const BPS_DIGITS = 4;
const SECONDS_PER_HOUR = 3_600n;

/** What an amount with tax comes to without it, to the nearest 1e-8 yuan, halves away from zero. */
export function netOf(amount: Units, taxRateBps: number): Units {
  return units(roundedQuotient(amount * WHOLE_BPS, WHOLE_BPS + BigInt(taxRateBps)));
}

/** A price by the hour without tax, in yuan per card-hour, at a factor of it in basis points. */
export function netPrice(price: PriceE10, factorBps: number, taxRateBps: number): Decimal {
  return decimal(roundedQuotient(price * BigInt(factorBps), WHOLE_BPS + BigInt(taxRateBps)), PRICE_SCALE);
}

/** What one card-hour of a prepaid term costs without tax: the term's price spread over its seconds. */
export function netTermPrice(
  term: { readonly seconds: number; readonly priceUnits: Units },
  taxRateBps: number,
): Decimal {
  const numerator = term.priceUnits * 100n * SECONDS_PER_HOUR * WHOLE_BPS;
  const denominator = BigInt(term.seconds) * (WHOLE_BPS + BigInt(taxRateBps));
  return decimal(roundedQuotient(numerator, denominator), PRICE_SCALE);
}

/** Card-hours of card-seconds: exact for whole hours, to the nearest 1e-10 for others. */
export function cardHours(seconds: bigint): Decimal {
  return decimal(roundedQuotient(seconds * 10n ** BigInt(QUANTITY_SCALE), SECONDS_PER_HOUR), QUANTITY_SCALE);
}

/** Price times quantity, to the last digit: what list and contracted cost are by definition. */
export const costOf = (price: Decimal, quantity: Decimal): Decimal => times(price, quantity);

const unitsDecimal = (amount: bigint): Decimal => decimal(amount, UNIT_SCALE);
export const unitsText = (amount: bigint): string => decimalText(unitsDecimal(amount));

/** A charge by its prices: what is asked, and of the list where that is another. */
type Priced = Pick<UsageRecord, 'priceE10PerCardHour' | 'bandBps' | 'list'>;

/** A charge's price of the list, in 1e-10 yuan per card-hour. */
export const listPrice = ({ priceE10PerCardHour, list }: Pick<Priced, 'priceE10PerCardHour' | 'list'>): PriceE10 =>
  list?.priceE10PerCardHour ?? priceE10PerCardHour;

/** The published price of a charge's hour, tax included, to its last digit. */
export function priceWithTax(charge: Priced): string {
  return decimalText(decimal(listPrice(charge) * BigInt(charge.bandBps), PRICE_SCALE + BPS_DIGITS));
}

/** The two parts of an hour's amount that its used and its unused seconds earned; together they are the whole. */
export function splitBySeconds(amount: Units, used: number, unused: number): { used: Units; unused: Units } {
  if (unused === 0) return { used: amount, unused: units(0n) };
  const part = units((amount * BigInt(used)) / BigInt(used + unused));
  return { used: part, unused: units(amount - part) };
}
