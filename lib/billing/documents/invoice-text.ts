import type { Instant } from '#lib/core/instant.ts';
import { HOUR_MS, instant, parseInstant, toIso } from '#lib/core/instant.ts';
import { present } from '#lib/core/assert.ts';
import { divFloor, toDecimal } from '#lib/core/money.ts';

/** Commas between groups of three digits: `1234567.50` → `1,234,567.50`. */
function grouped(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const text = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/** Fen as yuan, `1,234.50`. Snapshots carry whole numbers as text. */
export const fenText = (fen: string): string => grouped(toDecimal(BigInt(fen), 2, 2));

/** 1e-8 yuan with every digit, `1,234.50000001`. */
export const unitsText = (units: string): string => grouped(toDecimal(BigInt(units), 8, 8));

/** A price of 1e-10 yuan with at least four decimals and all that it has. */
export const priceText = (priceE10: string): string =>
  grouped(toDecimal(BigInt(priceE10), 10, 10).replace(/0{1,6}$/, ''));

/** Card-hours of card-seconds with two decimals, rounded down; the exact seconds stand beside it. */
export const cardHoursText = (seconds: string): string =>
  grouped(toDecimal(divFloor(BigInt(seconds) * 100n, 3_600n), 2, 2));

export const countText = (count: string): string => grouped(count);

/** A tax rate in basis points as per cent: 600 → `6%`, 650 → `6.5%`. */
export const rateText = (bps: number): string => `${toDecimal(BigInt(bps), 2, 2).replace(/\.?0+$/, '')}%`;

/** An instant of a snapshot. */
export const instantOf = (iso: string): Instant => present(parseInstant(iso), `the instant ${iso}`);

/** `2026-11-02 12:00:00` in Beijing. */
export function beijingText(at: Instant): string {
  return toIso(instant(at + 8 * HOUR_MS))
    .replace('T', ' ')
    .slice(0, 19);
}

/** What a font can set: no control characters, no halves of characters, one line. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
}
