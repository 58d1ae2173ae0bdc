'use client';

import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';

/** Ends an agreement, and says why. */
export function EndDialog({
  id,
  name,
  action,
  initial,
}: {
  id: string;
  name: string;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('agreements');
  const c = useTranslations('common.action');
  return (
    <FormDialog
      title={t('endTitle', { name })}
      description={t('endText')}
      action={action}
      initial={initial}
      trigger={<Button size="sm">{t('end')}</Button>}
    >
      <input type="hidden" name="agreementId" value={id} />
      <TextField name="reason" label={t('endReason')} hint={t('endReasonHint')} maxLength={200} autoComplete="off" />
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton variant="danger">{t('end')}</SubmitButton>
      </div>
    </FormDialog>
  );
}
