'use client';

import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';

/** Asks within how many days an organisation is to pay from now on, and why. */
export function TermsDialog({ days, action, initial }: { days: number; action: FormAction; initial: FormState }) {
  const t = useTranslations('receivables');
  const c = useTranslations('common.action');
  return (
    <FormDialog
      trigger={<Button>{t('set')}</Button>}
      title={t('setTitle')}
      description={t('setText')}
      action={action}
      initial={initial}
    >
      <TextField
        name="days"
        label={t('setDays')}
        hint={t('setDaysHint')}
        defaultValue={`${days}`}
        inputMode="numeric"
        autoComplete="off"
      />
      <TextField name="reason" label={t('reason')} hint={t('reasonHint')} maxLength={200} autoComplete="off" />
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton>{t('submit')}</SubmitButton>
      </div>
    </FormDialog>
  );
}
