import type { Units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatUnits } from '../format/money.ts';
import { cn } from '../ui/cn.ts';
import type { WalletEffect } from './wallet-effect.ts';

/** The wallet before and after a booking, and how long it lasts then. */
export async function WalletLines({ spendableUnits, effect }: { spendableUnits: Units; effect: WalletEffect }) {
  const t = await getTranslations('booking');
  const { afterUnits, shortUnits, runwayHours, burnUnitsPerHour } = effect;
  return (
    <dl className="num grid gap-1 text-sm">
      <div className="flex justify-between gap-4">
        <dt className="text-ink-2">{t('summary.walletNow')}</dt>
        <dd>{formatUnits(spendableUnits)}</dd>
      </div>
      <div className="flex justify-between gap-4">
        <dt className="text-ink-2">{t('summary.walletAfter')}</dt>
        <dd className={cn(shortUnits > 0n && 'font-medium text-danger')}>{formatUnits(afterUnits)}</dd>
      </div>
      {shortUnits === 0n && (
        <div className="flex justify-between gap-4">
          <dt className="text-ink-2">{t('summary.runway')}</dt>
          <dd className="text-right">
            <span className="block">
              {runwayHours === null
                ? t('summary.runwayIdle')
                : t('summary.runwayHours', { hours: Number(runwayHours) })}
            </span>
            {runwayHours !== null && (
              <span className="block text-xs text-ink-3">
                {t('summary.runwayNote', { burn: formatUnits(burnUnitsPerHour) })}
              </span>
            )}
          </dd>
        </div>
      )}
    </dl>
  );
}
