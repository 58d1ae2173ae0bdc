import type { Asset } from '#lib/ledger/types.ts';
import { ledgerAmountParts } from './ledger-amount.ts';

/** An amount of the books with every digit: those below a fen stand back, so that yuan and fen are read at a glance. */
export function LedgerAmount({ amount, asset }: { amount: bigint; asset: Asset }) {
  const { main, below } = ledgerAmountParts(amount, asset);
  return (
    <span className="num whitespace-nowrap">
      {main}
      {below !== '' && <span className="text-ink-3">{below}</span>}
    </span>
  );
}

/** An amount where there is one; an empty cell for nothing, as accountants leave it. */
export function LedgerLeg({ amount, asset }: { amount: bigint; asset: Asset }) {
  return amount === 0n ? null : <LedgerAmount amount={amount} asset={asset} />;
}
