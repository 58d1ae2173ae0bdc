'use client';

import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';

/** Asks for what a refund needs to end: the bank's reference of its payment, or the reason why it does not go out. */
export function RefundDialog({
  refundId,
  act,
  amount,
  payee,
  action,
  initial,
}: {
  refundId: string;
  act: 'pay' | 'decline' | 'fail';
  amount: string;
  payee: string;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('refunds.finance');
  const c = useTranslations('common.action');
  const isPayment = act === 'pay';
  return (
    <FormDialog
      title={t(`${act}Title`)}
      description={isPayment ? t('payLead', { amount, payee }) : t('backLead', { amount })}
      action={action}
      initial={initial}
      trigger={<Button variant={isPayment ? 'primary' : 'danger-quiet'}>{t(act)}</Button>}
    >
      <input type="hidden" name="refundId" value={refundId} />
      {isPayment ? (
        <TextField name="bankReference" label={t('referenceLabel')} autoComplete="off" maxLength={64} />
      ) : (
        <TextField name="reason" label={t('reasonLabel')} autoComplete="off" maxLength={200} />
      )}
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton variant={isPayment ? 'primary' : 'danger'}>{t(act)}</SubmitButton>
      </div>
    </FormDialog>
  );
}
