import { units } from '#lib/core/money.ts';
import type { Asset } from '#lib/ledger/types.ts';
import { ExactMoney } from './exact-money.tsx';
import { formatCount } from './digits.ts';

/** An amount of the books: money with every digit, card-seconds as a count. */
export function LedgerAmount({ amount, asset }: { amount: bigint; asset: Asset }) {
  if (asset === 'CNY/8') return <ExactMoney units={units(amount)} />;
  return <span className="num whitespace-nowrap">{formatCount(amount)}</span>;
}

/** An amount where there is one; an empty cell for nothing, as accountants leave it. */
export function LedgerLeg({ amount, asset }: { amount: bigint; asset: Asset }) {
  return amount === 0n ? null : <LedgerAmount amount={amount} asset={asset} />;
}
