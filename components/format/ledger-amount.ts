import { toDecimal } from '#lib/core/money.ts';
import type { Asset } from '#lib/ledger/types.ts';
import { formatCount, groupDigits } from './digits.ts';

/** An amount of the books in two parts: whole fen, and the six digits below. Card-seconds have no second part. */
export type LedgerAmountParts = { readonly main: string; readonly below: string };

/** How the books show an amount of an asset: money with every digit, card-seconds as a count. */
export function ledgerAmountParts(amount: bigint, asset: Asset): LedgerAmountParts {
  if (asset !== 'CNY/8') return { main: formatCount(amount), below: '' };
  const magnitude = amount < 0n ? -amount : amount;
  const decimal = groupDigits(toDecimal(magnitude, 8, 8));
  return { main: `${amount < 0n ? '-' : ''}¥${decimal.slice(0, -6)}`, below: decimal.slice(-6) };
}
