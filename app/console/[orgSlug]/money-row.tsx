import { formatUnits } from '#components/format/money.ts';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { monthOf } from '#lib/core/period.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { runwayHours } from '#lib/billing/runway.ts';
import type { SpendingWallet } from '#lib/billing/spending.ts';

/** What there is to spend and how long it lasts, what is set aside, what this month has cost so far. */
export async function MoneyRow({
  wallet,
  spendUnits,
  now,
}: {
  wallet: SpendingWallet;
  spendUnits: Units;
  now: Instant;
}) {
  const t = await getTranslations('overview');
  const runway = runwayHours(wallet);
  return (
    <section aria-label={t('money')}>
      <StatRow>
        <Stat
          label={t('available')}
          value={formatUnits(wallet.spendableUnits)}
          note={runway === null ? t('availableIdle') : t('availableNote', { hours: Number(runway) })}
        />
        <Stat label={t('held')} value={formatUnits(wallet.heldUnits)} note={t('heldNote')} />
        <Stat label={t('committed')} value={formatUnits(wallet.committedUnits)} note={t('committedNote')} />
        <Stat label={t('spend')} value={formatUnits(spendUnits)} note={t('spendNote', { month: monthOf(now) })} />
      </StatRow>
    </section>
  );
}
