import { freshForm } from '#app/_edge/fresh-form.ts';
import { bookingHref, queryOf } from '#components/booking/booking-query.ts';
import { Countdown } from '#components/booking/countdown.tsx';
import { WalletLines } from '#components/booking/wallet-lines.tsx';
import { modelName } from '#components/catalog/model-name.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { TextField } from '#components/form/fields.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Alert } from '#components/ui/alert.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { QuoteView } from '#lib/catalog/service.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import type { LineView } from '#lib/billing/receivables/lines.ts';
import type { SpendingWallet } from '#lib/billing/spending.ts';
import type { ProjectView } from '#lib/reservations/project-types.ts';
import { confirmAction } from '../../actions.ts';
import { effectOf } from '../../booking-state.ts';
import { PayChoice, reaches } from './pay-choice.tsx';

type Props = {
  readonly orgSlug: string;
  readonly quote: QuoteView;
  /** The project that it is booked for. */
  readonly project: ProjectView | null;
  readonly wallet: SpendingWallet;
  /** The credit line of the organisation; null without any. */
  readonly line: LineView | null;
  /** What vouchers would pay now. */
  readonly vouchersUnits: Units;
  readonly now: Instant;
};

/** The name that a reservation has unless somebody gives it a better one. */
export async function defaultName(quote: QuoteView): Promise<string> {
  const [t, locale] = [await getTranslations('booking'), await requestLocale()];
  return t('quote.nameDefault', { model: modelName(locale, quote.sku.model.name), cards: quote.cards });
}

async function Expired({ orgSlug, quote, project }: Props) {
  const t = await getTranslations('booking');
  return (
    <Alert kind="warn" title={t('quote.expiredTitle')}>
      <p className="text-ink-2">{t('quote.expiredText')}</p>
      <p className="mt-2">
        <TextLink href={bookingHref(orgSlug, queryOf(quote, quote.poolId, project?.id))} className={buttonClass()}>
          {t('quote.askAgain')}
        </TextLink>
      </p>
    </Alert>
  );
}

async function Validity({ quote, now }: Props) {
  const t = await getTranslations('booking');
  return (
    <p className="num text-xs text-ink-2">
      {t('quote.valid', { at: formatInstant(quote.expiresAt, 'seconds') })}
      <br />
      <Countdown leftMs={quote.expiresAt - now} ratePerSecond={quote.clockRatePerSecond} />
    </p>
  );
}

/** The total, the wallet before and after, and the one button that books. */
export async function ConfirmPanel({ className, ...props }: Props & { className?: string }) {
  const { orgSlug, quote, project, wallet, line, vouchersUnits, now } = props;
  const t = await getTranslations('booking');
  const effect = effectOf(wallet, quote, vouchersUnits, now);
  const isOpen = quote.term === null && quote.durationSeconds === null;
  return (
    <Panel title={t('quote.confirmTitle')} className={className}>
      <div className="grid gap-4">
        <div>
          <p className="text-xs text-ink-2">{t(isOpen ? 'summary.totalOpen' : 'summary.total')}</p>
          <p className="num text-2xl font-semibold">{formatUnits(quote.totalUnits)}</p>
        </div>
        <WalletLines
          spendableUnits={wallet.spendableUnits}
          payment={{ totalUnits: quote.totalUnits, vouchersUnits }}
          effect={effect}
        />
        {quote.expiresAt < now ? (
          <Expired {...props} />
        ) : (
          <>
            <Validity {...props} />
            {effect.shortUnits > 0n && !reaches(line, quote) && (
              <Alert kind="warn" title={t('quote.shortTitle', { amount: formatUnits(effect.shortUnits) })}>
                <p className="text-ink-2">
                  {t('quote.shortText')} <TextLink href={`/console/${orgSlug}/wallet`}>{t('summary.topUp')}</TextLink>
                </p>
              </Alert>
            )}
            <ActionForm
              action={confirmAction.bind(null, orgSlug, quote.id)}
              initial={freshForm()}
              className="grid gap-4"
            >
              <input type="hidden" name="projectId" value={project?.id ?? ''} />
              <PayChoice line={line} quote={quote} isShort={effect.shortUnits > 0n} />
              <TextField
                name="name"
                label={t('quote.name')}
                hint={t('quote.nameHint')}
                defaultValue={await defaultName(quote)}
                maxLength={80}
                autoComplete="off"
              />
              <SubmitButton size="lg" className="w-full">
                {t('quote.confirm', { amount: formatUnits(quote.totalUnits) })}
              </SubmitButton>
              <p className="text-xs text-ink-2">{t('quote.confirmNote')}</p>
            </ActionForm>
          </>
        )}
      </div>
    </Panel>
  );
}
