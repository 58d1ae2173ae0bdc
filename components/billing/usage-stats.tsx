import type { UsageTotals } from '#lib/billing/types.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatCardHours } from '../format/card-hours.ts';
import { formatUnitsExact } from '../format/money.ts';
import { Money } from '../format/money-text.tsx';
import { Stat, StatRow } from '../ui/stat.tsx';

/** What a span of usage comes to: money, and card-hours by what became of them. */
export async function UsageStats({ totals }: { totals: UsageTotals }) {
  const t = await getTranslations('usage');
  const { amountUnits, usedSeconds, unusedSeconds, downSeconds } = totals;
  return (
    <StatRow className="mb-6">
      <Stat
        label={t('amount')}
        value={<Money units={amountUnits} />}
        note={t('amountNote', { amount: formatUnitsExact(amountUnits) })}
      />
      <Stat label={t('used')} value={formatCardHours(usedSeconds)} note={t('usedNote')} />
      <Stat label={t('unused')} value={formatCardHours(unusedSeconds)} note={t('unusedNote')} />
      <Stat label={t('down')} value={formatCardHours(downSeconds)} note={t('downNote')} />
    </StatRow>
  );
}
