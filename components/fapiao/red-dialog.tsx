'use client';

import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';

/** Asks for a reason, and for how much, before an issued fapiao is to be taken back. `left` is what still can be. */
export function RedDialog({
  fapiaoId,
  left,
  action,
  initial,
}: {
  fapiaoId: string;
  left: string;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('fapiao.detail');
  const c = useTranslations('common.action');
  return (
    <FormDialog
      title={t('redTitle')}
      description={t('redText')}
      action={action}
      initial={initial}
      trigger={<Button variant="danger-quiet">{t('red')}</Button>}
    >
      <input type="hidden" name="fapiaoId" value={fapiaoId} />
      <TextField
        name="amountYuan"
        label={t('redAmount')}
        hint={t('redAmountHint', { left })}
        inputMode="decimal"
        autoComplete="off"
        maxLength={24}
        isOptional
      />
      <TextField name="reason" label={t('redReason')} hint={t('redReasonHint')} maxLength={200} autoComplete="off" />
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton variant="danger">{t('redSubmit')}</SubmitButton>
      </div>
    </FormDialog>
  );
}
