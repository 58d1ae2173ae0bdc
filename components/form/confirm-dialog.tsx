'use client';

import type { ReactElement, ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { buttonClass } from '../ui/button.tsx';
import { DialogClose } from '../ui/dialog.tsx';
import { FormDialog } from './form-dialog.tsx';
import type { FormAction, FormState } from './form-state.ts';
import { SubmitButton } from './submit-button.tsx';

/** Asks before an act that cannot be undone: says what follows, and names the act on its button. */
export function ConfirmDialog({
  trigger,
  title,
  text,
  confirm,
  dismiss,
  fields = {},
  action,
  initial,
}: {
  trigger: ReactElement<Record<string, unknown>>;
  title: ReactNode;
  text: ReactNode;
  confirm: ReactNode;
  /** What the other button says where “cancel” would be taken for the act itself. */
  dismiss?: ReactNode;
  /** Hidden fields: what the act is about. */
  fields?: Readonly<Record<string, string>>;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('common.action');
  return (
    <FormDialog trigger={trigger} title={title} description={text} action={action} initial={initial}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div className="flex justify-end gap-2">
        <DialogClose className={buttonClass()}>{dismiss ?? t('cancel')}</DialogClose>
        <SubmitButton variant="danger">{confirm}</SubmitButton>
      </div>
    </FormDialog>
  );
}
