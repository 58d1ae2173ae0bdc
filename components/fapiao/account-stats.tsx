import { formatFen } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { FapiaoAccount } from '#lib/fapiao/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** What may be asked for, and what it follows from; what is too much stands first. */
export async function AccountStats({ account }: { account: FapiaoAccount }) {
  const t = await getTranslations('fapiao');
  const { availableFen, invoicedFen, refundedFen, openFen, issuedFen, excessFen } = account;
  return (
    <>
      {excessFen > 0n && (
        <Alert kind="warn" className="mb-4">
          {t('account.excess', { amount: formatFen(excessFen) })}
        </Alert>
      )}
      <StatRow className="mb-6">
        <Stat
          label={t('account.available')}
          value={<Money fen={availableFen} />}
          note={t('account.availableNote')}
          className="max-md:col-span-2"
        />
        <Stat label={t('account.invoiced')} value={<Money fen={invoicedFen} />} />
        <Stat label={t('account.refunded')} value={<Money fen={refundedFen} />} note={t('account.refundedNote')} />
        <Stat label={t('account.open')} value={<Money fen={openFen} />} />
        <Stat label={t('account.issued')} value={<Money fen={issuedFen} />} note={t('account.issuedNote')} />
      </StatRow>
    </>
  );
}
