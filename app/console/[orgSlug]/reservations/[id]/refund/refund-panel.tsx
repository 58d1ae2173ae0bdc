import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { formatUnits } from '#components/format/money.ts';
import { Money } from '#components/format/money-text.tsx';
import { AmountList } from '#components/reservations/amount-list.tsx';
import { Alert } from '#components/ui/alert.tsx';
import { Panel } from '#components/ui/panel.tsx';
import type { RefundPreview } from '#lib/billing/preview-refund.ts';
import { getTranslations } from '#lib/i18n/server.ts';
import { refundAction } from './actions.ts';

/** What a full refund gives back, to where, and the button that makes it. */
export async function RefundPanel({
  orgSlug,
  reservationId,
  preview,
}: {
  orgSlug: string;
  reservationId: string;
  preview: RefundPreview;
}) {
  const t = await getTranslations('terms');
  const { untilAt, windowDays, paidUnits, chargedUnits, givenUnits, backUnits, walletUnits, vouchers } = preview;
  return (
    <Panel title={t('panel')}>
      <div className="grid gap-4">
        <Alert kind="info">{t('rule', { days: windowDays, untilAt: formatInstant(untilAt) })}</Alert>
        <AmountList
          rows={[
            { term: t('paid'), value: <Money units={paidUnits} isExact /> },
            { term: t('charged'), value: <Money units={chargedUnits} isExact /> },
            ...(givenUnits === 0n ? [] : [{ term: t('given'), value: <Money units={givenUnits} isExact /> }]),
            { term: t('toWallet'), value: <Money units={walletUnits} isExact /> },
            ...vouchers.map(({ grant, amount }) => ({
              term: t('toVoucher', { id: grant }),
              value: <Money units={amount} isExact />,
            })),
            { term: t('back'), value: <Money units={backUnits} isExact />, isMain: true },
          ]}
        />
      </div>
      <ActionForm
        action={refundAction.bind(null, { orgSlug, reservationId })}
        initial={freshForm()}
        className="mt-4 grid justify-items-start gap-4"
      >
        <SubmitButton variant="danger" size="lg">
          {t('confirm', { amount: formatUnits(backUnits) })}
        </SubmitButton>
      </ActionForm>
    </Panel>
  );
}
