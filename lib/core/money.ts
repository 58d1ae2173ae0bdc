import { invariant } from './assert.ts';

/** Money in 1e-8 yuan: the unit of the ledger. */
export type Units = bigint & { readonly __unit: 'units' };

/** Money in fen (0.01 yuan): payments, invoice totals and screens. */
export type Fen = bigint & { readonly __unit: 'fen' };

/** A price in 1e-10 yuan per card-hour, tax included. */
export type PriceE10 = bigint & { readonly __unit: 'priceE10PerCardHour' };

export const UNITS_PER_FEN = 1_000_000n;
export const UNITS_PER_YUAN = 100_000_000n;

/** Basis points of "unchanged": factors of time bands and terms are stated in them. */
export const WHOLE_BPS = 10_000n;

/** 3,600 seconds an hour times 100 (1e-10 to 1e-8 yuan) times 10,000 basis points. */
const RATING_DIVISOR = 3_600n * 100n * WHOLE_BPS;

export const ZERO_UNITS = units(0n);

/** Takes a whole number of 1e-8 yuan as money. */
export function units(value: bigint): Units {
  return value as Units;
}

/** Takes a whole number of fen as money. */
export function fen(value: bigint): Fen {
  return value as Fen;
}

/** Takes a whole number of 1e-10 yuan per card-hour as a price; throws when it is negative. */
export function priceE10(value: bigint): PriceE10 {
  invariant(value >= 0n, 'a price is not negative');
  return value as PriceE10;
}

/** Adds amounts. */
export function sumUnits(amounts: Iterable<Units>): Units {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return units(total);
}

/** Divides rounding down, towards minus infinity. */
export function divFloor(numerator: bigint, denominator: bigint): bigint {
  invariant(denominator > 0n, 'a divisor is positive');
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

/** Divides rounding halves up, for amounts that are not negative. */
function divHalfUp(numerator: bigint, denominator: bigint): bigint {
  invariant(numerator >= 0n && denominator > 0n, 'half-up division is for amounts that are not negative');
  return (2n * numerator + denominator) / (2n * denominator);
}

/**
 * The charge to date, R(t): `floor(price × Σ(seconds × band) / (3,600 × 100 × 10,000))`.
 * The charge of a period is the difference of two such values, so however time is split the parts sum to the whole,
 * and the floor favours the customer. `weightedSeconds` is Σ seconds × band in basis points.
 */
export function chargeToDate(price: PriceE10, weightedSeconds: bigint): Units {
  return units(divFloor(price * weightedSeconds, RATING_DIVISOR));
}

/**
 * The part of a prepaid term earned to date: `floor(term price × elapsed / term)`. It telescopes like
 * {@link chargeToDate} and reaches the whole price exactly at the end of the term.
 */
export function earnedToDate(termPrice: Units, elapsedSeconds: bigint, termSeconds: bigint): Units {
  invariant(elapsedSeconds >= 0n && elapsedSeconds <= termSeconds, 'elapsed time lies within the term');
  return units(divFloor(termPrice * elapsedSeconds, termSeconds));
}

/** What a card-hour came to on average, to 1e-4 yuan, half up: for people who compare. Null where no second was charged. */
export function meanPrice(amount: Units, seconds: bigint): PriceE10 | null {
  if (seconds <= 0n || amount < 0n) return null;
  return priceE10(divFloor(2n * amount * 3_600n + 10_000n * seconds, 20_000n * seconds) * 1_000_000n);
}

/** Whole fen in an amount, rounding down: what the wallet shows, and an invoice before its residue (抹零). */
export function floorToFen(amount: Units): Fen {
  return fen(divFloor(amount, UNITS_PER_FEN));
}

/** The exact amount of a number of fen. */
export function fenToUnits(amount: Fen): Units {
  return units(amount * UNITS_PER_FEN);
}

/** Net and tax of a tax-inclusive amount: net rounds half up, tax is the difference, both stored, never recomputed. */
export function splitTax(gross: Fen, taxRateBps: bigint): { netFen: Fen; taxFen: Fen } {
  const net = divHalfUp(gross * WHOLE_BPS, WHOLE_BPS + taxRateBps);
  return { netFen: fen(net), taxFen: fen(gross - net) };
}

/**
 * Splits a total of fen over weights so that the parts sum to it: each part is floored, the missing fen go to the
 * largest remainders, ties to the earlier weight.
 */
export function splitByLargestRemainder(total: Fen, weights: readonly bigint[]): Fen[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  invariant(sum > 0n && weights.every((w) => w >= 0n), 'weights are not negative and not all zero');
  const parts = weights.map((weight) => (total * weight) / sum);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (total * weight) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  const missing = total - parts.reduce((a, b) => a + b, 0n);
  for (const { index } of byRemainder.slice(0, Number(missing))) parts[index] = (parts[index] ?? 0n) + 1n;
  return parts.map(fen);
}

/** Reads a decimal text as a whole number of 10^-scale, exactly; null when it has another shape or more digits. */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? '';
  if (!match?.[1] || fraction.length > scale) return null;
  return BigInt(match[1] + fraction.padEnd(scale, '0'));
}

/** Reads yuan per card-hour, `12.5`, as a price. */
export function parsePrice(yuanText: string): PriceE10 | null {
  const value = parseDecimal(yuanText, 10);
  return value === null ? null : priceE10(value);
}

/** Reads yuan with at most two decimals, `1234.50`, as fen. */
export function parseFen(yuanText: string): Fen | null {
  const value = parseDecimal(yuanText, 2);
  return value === null ? null : fen(value);
}

/** Writes a whole number of 10^-scale as a decimal text with exactly `decimals` digits, truncating the rest. */
export function toDecimal(value: bigint, scale: number, decimals: number): string {
  const sign = value < 0n ? '-' : '';
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits
    .slice(digits.length - scale)
    .padEnd(decimals, '0')
    .slice(0, decimals);
  return decimals === 0 ? sign + whole : `${sign}${whole}.${fraction}`;
}
