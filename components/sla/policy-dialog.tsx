'use client';

import { useTranslations } from 'use-intl/react';
import { SelectField, TextField } from '../form/fields.tsx';
import { FormDialog } from '../form/form-dialog.tsx';
import type { FormAction, FormState } from '../form/form-state.ts';
import { SubmitButton } from '../form/submit-button.tsx';
import { TextAreaField } from '../form/text-area-field.tsx';
import { Button } from '../ui/button.tsx';
import { DialogClose } from '../ui/dialog.tsx';
import type { Option } from '../ui/select.tsx';

/** Asks for a table, from which month on, for what, and why. */
export function SlaPolicyDialog({
  skus,
  months,
  tiers,
  action,
  initial,
}: {
  skus: readonly Option[];
  months: readonly Option[];
  /** The table in force for everything, as lines. */
  tiers: string;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('sla.finance');
  const c = useTranslations('common.action');
  return (
    <FormDialog
      title={t('formTitle')}
      description={t('formLead')}
      action={action}
      initial={initial}
      trigger={<Button>{t('change')}</Button>}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField name="skuId" label={t('sku')} options={skus} isOptional />
        <SelectField name="validFrom" label={t('validFrom')} options={months} />
      </div>
      <TextAreaField name="tiers" label={t('tiers')} hint={t('tiersHint')} rows={4} defaultValue={tiers} />
      <TextField name="reason" label={t('reason')} hint={t('reasonHint')} maxLength={200} autoComplete="off" />
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton>{t('submit')}</SubmitButton>
      </div>
    </FormDialog>
  );
}
