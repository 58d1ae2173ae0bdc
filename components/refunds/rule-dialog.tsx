'use client';

import { useTranslations } from 'use-intl/react';
import { SelectField, TextField } from '../form/fields.tsx';
import { FormDialog } from '../form/form-dialog.tsx';
import type { FormAction, FormState } from '../form/form-state.ts';
import { SubmitButton } from '../form/submit-button.tsx';
import { Button } from '../ui/button.tsx';
import { DialogClose } from '../ui/dialog.tsx';
import type { Option } from '../ui/select.tsx';

/** Asks for the shortest term that is refunded in full, for how many days, and why. */
export function RefundRuleDialog({
  terms,
  windowDays,
  action,
  initial,
}: {
  terms: readonly Option[];
  windowDays: number;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('terms.policy');
  return (
    <FormDialog
      title={t('propose')}
      description={t('proposeText')}
      action={action}
      initial={initial}
      trigger={<Button>{t('propose')}</Button>}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField name="shortest" label={t('terms')} options={terms} />
        <TextField
          name="windowDays"
          label={t('days')}
          hint={t('daysHint')}
          inputMode="numeric"
          defaultValue={`${windowDays}`}
          autoComplete="off"
        />
      </div>
      <TextField name="reason" label={t('reason')} maxLength={200} autoComplete="off" />
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>{t('keep')}</DialogClose>
        <SubmitButton>{t('submit')}</SubmitButton>
      </div>
    </FormDialog>
  );
}
