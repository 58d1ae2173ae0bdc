'use client';

import { Plus } from 'lucide-react';
import { useTranslations } from 'use-intl/react';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { SelectField, TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { RoleField } from '#components/identity/role-field.tsx';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { API_KEY_LIVES, API_KEY_ROLES } from '#lib/identity/types.ts';
import type { NewSecret } from './actions.ts';

/** Makes a key and shows its secret, which cannot be shown again. */
export function CreateKeyDialog({ action, initial }: { action: FormAction<NewSecret>; initial: FormState<NewSecret> }) {
  const t = useTranslations('identity');
  const lives = API_KEY_LIVES.map((days) => ({
    value: days,
    label: days === 'never' ? t('apiKeys.lifeNever') : t('apiKeys.lifeDays', { days: Number.parseInt(days, 10) }),
  }));
  return (
    <FormDialog
      title={t('apiKeys.createTitle')}
      action={action}
      initial={initial}
      trigger={
        <Button variant="primary">
          <Plus aria-hidden />
          {t('apiKeys.create')}
        </Button>
      }
      renderDone={({ name, secret }, close) => ({
        title: t('apiKeys.secretTitle'),
        content: (
          <div className="grid gap-4">
            <p className="text-sm text-ink-2">{t('apiKeys.secretLead')}</p>
            <CodeBlock text={secret} label={name} isWrapped />
            <Button onClick={close} className="justify-self-end">
              {t('apiKeys.secretDone')}
            </Button>
          </div>
        ),
      })}
    >
      <TextField name="name" label={t('apiKeys.name')} hint={t('apiKeys.nameHint')} autoComplete="off" />
      <RoleField label={t('field.role')} roles={API_KEY_ROLES} defaultRole="member" />
      <SelectField name="lifeDays" label={t('apiKeys.life')} options={lives} defaultValue="90" />
      <SubmitButton className="justify-self-end">{t('apiKeys.createSubmit')}</SubmitButton>
    </FormDialog>
  );
}

/** Revokes a key after asking. */
export function RevokeKeyDialog({
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
  const t = useTranslations('identity.apiKeys');
  return (
    <ConfirmDialog
      title={t('revokeTitle', { name })}
      text={t('revokeText')}
      confirm={t('revoke')}
      fields={{ id }}
      action={action}
      initial={initial}
      trigger={
        <Button size="sm" variant="ghost" aria-label={`${t('revoke')}: ${name}`}>
          {t('revoke')}
        </Button>
      }
    />
  );
}
