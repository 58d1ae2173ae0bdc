import { invariant } from './assert.ts';

/** An exact decimal: `value` times 10^-`scale`. */
export type Decimal = { readonly value: bigint; readonly scale: number };

export const ZERO_DECIMAL: Decimal = { value: 0n, scale: 0 };

export function decimal(value: bigint, scale: number): Decimal {
  return { value, scale };
}

/** The exact product. */
export function times(a: Decimal, b: Decimal): Decimal {
  return { value: a.value * b.value, scale: a.scale + b.scale };
}

const raised = ({ value, scale }: Decimal, to: number): bigint => value * 10n ** BigInt(to - scale);

/** The exact sum. */
export function plus(a: Decimal, b: Decimal): Decimal {
  if (a.scale === b.scale) return { value: a.value + b.value, scale: a.scale };
  const scale = Math.max(a.scale, b.scale);
  return { value: raised(a, scale) + raised(b, scale), scale };
}

/** Below 0, 0 or above 0 as `a` is less than, equal to or more than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = raised(a, scale) - raised(b, scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Divides to the nearest whole number, halves away from zero: an amount and its opposite round to opposites. */
export function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  invariant(denominator > 0n, 'a divisor is positive');
  const size = numerator < 0n ? -numerator : numerator;
  const quotient = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -quotient : quotient;
}

const ZERO = 48;

/** The shortest plain text, without exponent and without zeros at the end: `12.5`, `-0.00000001`, `0`. */
export function decimalText({ value, scale }: Decimal): string {
  const size = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const point = size.length - scale;
  let end = size.length;
  while (end > point && size.charCodeAt(end - 1) === ZERO) end -= 1;
  const text = end === point ? size.slice(0, point) : `${size.slice(0, point)}.${size.slice(point, end)}`;
  return value < 0n ? `-${text}` : text;
}

/** Reads a plain decimal of either sign; null when it is none. */
export function readDecimal(text: string): Decimal | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const fraction = match[3] ?? '';
  const size = BigInt(`${match[2]}${fraction}`);
  return { value: match[1] === '-' ? -size : size, scale: fraction.length };
}
