import { toDecimal } from '#lib/core/money.ts';
import { groupDigits } from '../format/digits.ts';

const GIB = 2 ** 30;

/** Whole GiB of bytes, rounded down. */
export function formatGib(bytes: number): string {
  return groupDigits(`${Math.floor(bytes / GIB)}`);
}

/** Milliwatts as watts, from 10 kW on as kilowatts with one decimal. The unit is part of the text. */
export function formatPower(milliwatts: number): string {
  const watts = Math.round(milliwatts / 1_000);
  return watts < 10_000 ? `${groupDigits(`${watts}`)} W` : `${groupDigits(toDecimal(BigInt(watts), 3, 1))} kW`;
}

/** Where a server stands, without region and site, which stand elsewhere on the page. */
export function shortPath(path: string): string {
  return path.split('/').slice(2).join('/');
}
