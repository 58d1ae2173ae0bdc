import { type Units, units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { formatUnits } from '../format/money.ts';
import { cn } from '../ui/cn.ts';
import type { WalletEffect } from './wallet-effect.ts';

/** What vouchers pay of a booking, and what is left for the wallet. */
async function VoucherLines({ totalUnits, vouchersUnits }: { totalUnits: Units; vouchersUnits: Units }) {
  const t = await getTranslations('vouchers');
  const rows = [
    { label: t('own.pays'), amount: vouchersUnits },
    { label: t('own.cash'), amount: units(totalUnits - vouchersUnits) },
  ];
  return (
    <>
      {rows.map(({ label, amount }) => (
        <div key={label} className="flex justify-between gap-4">
          <dt className="text-ink-2">{label}</dt>
          <dd>{formatUnits(amount)}</dd>
        </div>
      ))}
      <div className="mb-1 border-b border-line pb-2 text-xs text-ink-3">
        <dt className="sr-only">{t('own.title')}</dt>
        <dd>{t('own.paysNote')}</dd>
      </div>
    </>
  );
}

/** The wallet before and after a booking, and how long it lasts then. */
export async function WalletLines({
  spendableUnits,
  payment,
  effect,
}: {
  spendableUnits: Units;
  payment: { readonly totalUnits: Units; readonly vouchersUnits: Units };
  effect: WalletEffect;
}) {
  const t = await getTranslations('booking');
  const { afterUnits, shortUnits, runwayHours, burnUnitsPerHour } = effect;
  return (
    <dl className="num grid gap-1 text-sm">
      {payment.vouchersUnits > 0n && <VoucherLines {...payment} />}
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
