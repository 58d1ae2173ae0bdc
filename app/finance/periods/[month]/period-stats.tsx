import { Money } from '#components/format/money-text.tsx';
import { CardHours, Count } from '#components/format/quantity-text.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { PeriodView } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';

/** A month in four figures. */
export async function PeriodStats({ period }: { period: PeriodView }) {
  const t = await getTranslations('finance');
  const { usedSeconds, grossUnits, organisations, invoices, invoicedFen, taxFen } = period;
  return (
    <StatRow className="mb-6">
      <Stat label={t('period.cardHours')} value={<CardHours seconds={usedSeconds} hasUnit={false} />} />
      <Stat label={t('period.charges')} value={<Money units={grossUnits} />} />
      <Stat label={t('period.organisations')} value={<Count count={organisations} />} />
      <Stat
        label={t('period.invoicesIssued')}
        value={invoices === 0 ? <Count count={0} /> : <Money fen={invoicedFen} />}
        note={
          invoices > 0 ? (
            <>
              {t('period.invoicesOf', { count: invoices })} · {t('period.tax')} <Money fen={taxFen} />
            </>
          ) : undefined
        }
      />
    </StatRow>
  );
}
