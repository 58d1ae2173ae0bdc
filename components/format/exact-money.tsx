import { toDecimal, type Units } from '#lib/core/money.ts';
import { groupDigits } from './digits.ts';

/**
 * An amount with every digit of the ledger: yuan and fen as everywhere, what lies below a fen quieter after it. The
 * quiet digits keep their room, so that the points of a column stand under one another. `isSigned` writes the plus too.
 */
export function ExactMoney({ units, isSigned = false }: { units: Units; isSigned?: boolean }) {
  const decimal = toDecimal(units < 0n ? -units : units, 8, 8);
  const tail = decimal.slice(-6).replace(/0+$/, '');
  const sign = units < 0n ? '-' : isSigned && units > 0n ? '+' : '';
  return (
    <span className="num whitespace-nowrap">
      {`${sign}¥${groupDigits(decimal.slice(0, -6))}`}
      <span className="inline-block w-[6ch] text-left text-ink-3">{tail}</span>
    </span>
  );
}
