import type { Fen, PriceE10, Units } from '#lib/core/money.ts';
import { formatFen, formatPrice, formatUnits, formatUnitsExact } from './money.ts';

type Amount = { readonly units: Units; readonly fen?: never } | { readonly fen: Fen; readonly units?: never };

/** An amount of money: whole fen, or with `isExact` every digit of the ledger. */
export function Money({ units, fen, isExact = false }: Amount & { isExact?: boolean }) {
  const text = units === undefined ? formatFen(fen) : isExact ? formatUnitsExact(units) : formatUnits(units);
  return <span className="num whitespace-nowrap">{text}</span>;
}

/** The price of a card-hour, without its unit: that stands in the column's heading or beside it. */
export function Price({ e10 }: { e10: PriceE10 }) {
  return <span className="num whitespace-nowrap">{formatPrice(e10)}</span>;
}
