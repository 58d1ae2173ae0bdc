import { freshForm } from '#app/_edge/fresh-form.ts';
import { ActionForm } from '#components/form/action-form.tsx';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatFen } from '#components/format/money.ts';
import { payeeText } from '#components/payments/payee-text.ts';
import { RefundDialog } from '#components/payments/refund-dialog.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import type { RefundRequest } from '#lib/payments/refund-types.ts';
import { approveAction, declineAction, failAction, payAction } from './actions.ts';

/** What finance can do with a refund where it stands. */
export async function RefundActs({ refund }: { refund: RefundRequest }) {
  const t = await getTranslations('refunds');
  const { id, state, amountFen, payee, route } = refund;
  const shown = { refundId: id, amount: formatFen(amountFen), payee: payee ? payeeText(payee) : t(`route.${route}`) };
  if (state === 'asked')
    return (
      <div className="flex flex-wrap justify-end gap-2">
        <ActionForm action={approveAction} initial={freshForm()}>
          <input type="hidden" name="refundId" value={id} />
          <SubmitButton variant="secondary">{t('finance.approve')}</SubmitButton>
        </ActionForm>
        <RefundDialog {...shown} act="decline" action={declineAction} initial={freshForm()} />
      </div>
    );
  if (state !== 'approved') return null;
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <RefundDialog {...shown} act="pay" action={payAction} initial={freshForm()} />
      <RefundDialog {...shown} act="fail" action={failAction} initial={freshForm()} />
    </div>
  );
}
