import { getTranslations } from '#lib/i18n/server.ts';
import type { VoucherSums } from '#lib/vouchers/types.ts';
import { Money } from '../format/money-text.tsx';
import { Stat, StatRow } from '../ui/stat.tsx';

/** Where the money of vouchers is: what was granted is the sum of the others. */
export async function VoucherSumStats({ sums }: { sums: VoucherSums }) {
  const t = await getTranslations('vouchers');
  return (
    <>
      <StatRow className="mb-2">
        <Stat label={t('programmes.grants')} value={<Money units={sums.grantedUnits} />} />
        <Stat label={t('column.left')} value={<Money units={sums.leftUnits} />} />
        <Stat label={t('column.held')} value={<Money units={sums.heldUnits} />} />
        <Stat label={t('column.burnt')} value={<Money units={sums.burntUnits} />} />
        <Stat label={t('column.expired')} value={<Money units={sums.expiredUnits} />} />
      </StatRow>
      <p className="mb-6 text-xs text-ink-3">{t('programmes.sums')}</p>
    </>
  );
}
