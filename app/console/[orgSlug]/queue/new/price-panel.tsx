import { Formula } from '#components/booking/formula.tsx';
import { WalletLines } from '#components/booking/wallet-lines.tsx';
import { walletAfter } from '#components/booking/wallet-effect.ts';
import { formatUnits } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { units } from '#lib/core/money.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import type { JobState, PricedJob } from './job-state.ts';

async function Priced({ state, priced, orgSlug }: { state: JobState; priced: PricedJob; orgSlug: string }) {
  const t = await getTranslations('queue');
  const { totalUnits, cards, seconds } = priced;
  const { vouchersUnits } = state;
  const hourlyUnits = units((totalUnits * 3_600n) / BigInt(seconds));
  const effect = walletAfter(state.wallet, { totalUnits, vouchersUnits, isByHour: true, isNow: true, hourlyUnits });
  return (
    <div className="grid gap-4">
      <div>
        <p className="text-sm text-ink-2">{t('new.ifNow')}</p>
        <p className="num text-2xl font-semibold">{formatUnits(totalUnits)}</p>
      </div>
      <Formula price={priced.price} term={null} lines={priced.lines} cards={cards} totalUnits={totalUnits} />
      <p className="text-xs text-ink-2">{t('new.whenHeld')}</p>
      <div className="border-t border-line pt-3">
        <WalletLines
          spendableUnits={state.wallet.spendableUnits}
          payment={{ totalUnits, vouchersUnits }}
          effect={effect}
        />
      </div>
      {effect.shortUnits > 0n && (
        <Alert kind="info">
          {t('new.short', { amount: formatUnits(effect.shortUnits) })}{' '}
          <TextLink href={`/console/${orgSlug}/wallet`}>{t('new.topUp')}</TextLink>
        </Alert>
      )}
    </div>
  );
}

/** What the job would cost at most if it started now, and what that does to the wallet. */
export async function PricePanel({ state, orgSlug }: { state: JobState; orgSlug: string }) {
  const t = await getTranslations('queue');
  return (
    <Panel title={t('new.price')} className="lg:sticky lg:top-20">
      {state.priced ? (
        <Priced state={state} priced={state.priced} orgSlug={orgSlug} />
      ) : (
        <p className="text-sm text-ink-2">{t('new.unpriced')}</p>
      )}
    </Panel>
  );
}
