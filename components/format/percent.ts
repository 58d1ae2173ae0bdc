import { toDecimal } from '#lib/core/money.ts';

/** A share of a whole as percent without needless zeros, what lies below dropped: 999000 of a million → `99.9%`. */
export function formatPercent(value: number, scale: number): string {
  const text = toDecimal(BigInt(value), scale - 2, scale - 2);
  return `${text.includes('.') ? text.replace(/\.?0+$/, '') : text}%`;
}
