import { toDecimal, type Units } from '#lib/core/money.ts';
import { groupDigits } from './digits.ts';

/** What lies below a fen, without zeros at its end. */
function tailOf(units: Units): string {
  return toDecimal(units < 0n ? -units : units, 8, 8)
    .slice(-6)
    .replace(/0+$/, '');
}

/** The room for a number of quiet digits; each digit is one `ch` wide. */
const ROOMS = ['', 'w-[1ch]', 'w-[2ch]', 'w-[3ch]', 'w-[4ch]', 'w-[5ch]', 'w-[6ch]'] as const;

/** How many digits below a fen the longest of a column's amounts has. */
export function tailDigits(amounts: readonly Units[]): number {
  return amounts.reduce((longest, units) => Math.max(longest, tailOf(units).length), 0);
}

/**
 * An amount with every digit of the ledger: yuan and fen as everywhere, what lies below a fen quieter after it.
 * In a column, `tail` are its {@link tailDigits}, kept free so that the points stand under one another; `isSigned` writes
 * the plus too.
 */
export function ExactMoney({
  units,
  tail = tailOf(units).length,
  isSigned = false,
}: {
  units: Units;
  tail?: number;
  isSigned?: boolean;
}) {
  const decimal = toDecimal(units < 0n ? -units : units, 8, 8);
  const sign = units < 0n ? '-' : isSigned && units > 0n ? '+' : '';
  return (
    <span className="num whitespace-nowrap">
      {`${sign}¥${groupDigits(decimal.slice(0, -6))}`}
      {tail > 0 && <span className={`inline-block text-left text-ink-3 ${ROOMS[tail] ?? ''}`}>{tailOf(units)}</span>}
    </span>
  );
}
