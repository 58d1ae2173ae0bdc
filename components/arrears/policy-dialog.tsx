'use client';

import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';
import type { ArrearsTerms } from '#lib/arrears/types.ts';

/** Asks for terms, from those in force, and why they change. Without an organisation they are the operator's. */
export function PolicyDialog({
  organisationId,
  name,
  terms,
  aloneHours,
  action,
  initial,
}: {
  organisationId: string | null;
  name: string | null;
  terms: ArrearsTerms;
  /** Hours of grace that one person may give an organisation. */
  aloneHours: number;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('arrears.policy');
  const c = useTranslations('common.action');
  const fields = {
    firstWarningHours: terms.firstWarningHours,
    lastWarningHours: terms.lastWarningHours,
    graceHours: terms.graceSeconds / 3_600,
    retentionDays: terms.retentionDays,
  } as const;
  const names = Object.keys(fields) as (keyof typeof fields)[];
  return (
    <FormDialog
      title={name === null ? t('operator') : t('own', { name })}
      description={t('formLead', { hours: aloneHours })}
      action={action}
      initial={initial}
      trigger={<Button>{name === null ? t('change') : t('more')}</Button>}
    >
      <input type="hidden" name="organisationId" value={organisationId ?? ''} />
      <div className="grid gap-4 sm:grid-cols-2">
        {names.map((field) => (
          <TextField
            key={field}
            name={field}
            label={t(field)}
            type="number"
            inputMode="numeric"
            defaultValue={`${fields[field]}`}
          />
        ))}
      </div>
      <TextField name="reason" label={t('reason')} hint={t('reasonHint')} maxLength={200} autoComplete="off" />
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton>{t('submit')}</SubmitButton>
      </div>
    </FormDialog>
  );
}
