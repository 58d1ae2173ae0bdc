import { units } from '#lib/core/money.ts';
import type { Asset } from '#lib/ledger/types.ts';
import { formatCount } from './digits.ts';
import { Money } from './money-text.tsx';

/** An amount of the books: money with every digit, card-seconds as a count. */
export function LedgerAmount({ amount, asset }: { amount: bigint; asset: Asset }) {
  if (asset === 'CNY/8') return <Money units={units(amount)} isExact />;
  return <span className="num whitespace-nowrap">{formatCount(amount)}</span>;
}

/** An amount where there is one; an empty cell for nothing, as accountants leave it. */
export function LedgerLeg({ amount, asset }: { amount: bigint; asset: Asset }) {
  return amount === 0n ? null : <LedgerAmount amount={amount} asset={asset} />;
}
