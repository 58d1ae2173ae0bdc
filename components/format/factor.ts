import { toDecimal } from '#lib/core/money.ts';

/** A factor of basis points as a percentage, without digits that say nothing: 7,000 → `70%`, 8,250 → `82.5%`. */
export function formatFactor(bps: number): string {
  return `${toDecimal(BigInt(bps), 2, 2).replace(/\.?0+$/, '')}%`;
}
