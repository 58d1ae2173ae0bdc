import { LedgerAmount } from '#components/format/ledger-amount-text.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { Asset } from '#lib/ledger/types.ts';

/** A balance as accountants read it: how much, and on which side. `amount` is credits minus debits. */
export async function BalanceText({ amount, asset }: { amount: bigint; asset: Asset }) {
  const t = await getTranslations('ledger');
  const side = amount === 0n ? 'zero' : amount < 0n ? 'debit' : 'credit';
  return (
    <span className="inline-flex items-baseline gap-2 whitespace-nowrap">
      <span className="text-xs text-ink-3">{t(`side.${side}`)}</span>
      <LedgerAmount amount={amount < 0n ? -amount : amount} asset={asset} />
    </span>
  );
}
