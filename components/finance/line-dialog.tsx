'use client';

import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';

/** Proposes a credit line on account for an organisation. */
export function LineDialog({ action, initial }: { action: FormAction; initial: FormState }) {
  const t = useTranslations('credit.finance');
  const c = useTranslations('common.action');
  return (
    <FormDialog
      trigger={<Button variant="primary">{t('propose')}</Button>}
      title={t('proposeTitle')}
      description={t('proposeText')}
      action={action}
      initial={initial}
    >
      <TextField name="slug" label={t('slug')} hint={t('slugHint')} autoComplete="off" maxLength={64} />
      <TextField
        name="amountYuan"
        label={t('amount')}
        hint={t('amountHint')}
        inputMode="decimal"
        autoComplete="off"
        maxLength={20}
      />
      <TextField name="reason" label={t('reason')} hint={t('reasonHint')} maxLength={200} autoComplete="off" />
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton>{t('submit')}</SubmitButton>
      </div>
    </FormDialog>
  );
}
