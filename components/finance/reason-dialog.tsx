'use client';

import type { ReactElement, ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { Button } from '#components/ui/button.tsx';
import { DialogClose } from '#components/ui/dialog.tsx';

/** Asks for the reason of something that a second person will decide. */
export function ReasonDialog({
  trigger,
  title,
  text,
  reason,
  submit,
  action,
  initial,
}: {
  trigger: ReactElement<Record<string, unknown>>;
  title: ReactNode;
  text: ReactNode;
  reason: { readonly label: string; readonly hint: string; readonly maxLength: number };
  submit: ReactNode;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('common.action');
  const { label, hint, maxLength } = reason;
  return (
    <FormDialog trigger={trigger} title={title} description={text} action={action} initial={initial}>
      <TextField name="reason" label={label} hint={hint} maxLength={maxLength} autoComplete="off" />
      <div className="flex flex-wrap justify-end gap-2">
        <DialogClose render={<Button />}>{t('cancel')}</DialogClose>
        <SubmitButton>{submit}</SubmitButton>
      </div>
    </FormDialog>
  );
}
