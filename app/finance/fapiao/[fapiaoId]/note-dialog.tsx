'use client';

import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';

/** What finance does with a request that waits, each with the one thing that has to be written down for it. */
const ACTS = {
  refuse: { field: 'reason', variant: 'danger', trigger: 'danger-quiet', max: 200 },
  confirm: { field: 'confirmation', variant: 'primary', trigger: 'primary', max: 40 },
} as const;

/** Refuses a request with a reason, or keeps the number of a red letter. */
export function NoteDialog({
  act,
  fapiaoId,
  action,
  initial,
}: {
  act: keyof typeof ACTS;
  fapiaoId: string;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('fapiao.queue');
  const c = useTranslations('common.action');
  const { field, variant, trigger, max } = ACTS[act];
  return (
    <FormDialog
      title={t(`${act}Title`)}
      description={t(`${act}Text`)}
      action={action}
      initial={initial}
      trigger={<Button variant={trigger}>{t(act)}</Button>}
    >
      <input type="hidden" name="fapiaoId" value={fapiaoId} />
      <TextField name={field} label={t(field)} hint={t(`${field}Hint`)} maxLength={max} autoComplete="off" />
      <div className="flex justify-end gap-2">
        <DialogClose render={<Button />}>{c('cancel')}</DialogClose>
        <SubmitButton variant={variant}>{t(`${act}Submit`)}</SubmitButton>
      </div>
    </FormDialog>
  );
}
