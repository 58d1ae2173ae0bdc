'use client';

import { UserPlus } from 'lucide-react';
import { useTranslations } from 'use-intl/react';
import { TextField } from '#components/form/fields.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { formatInstant } from '#components/format/instant.ts';
import { RoleField } from '#components/identity/role-field.tsx';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import type { CustomerRole } from '#lib/core/context.ts';
import type { InvitationLink } from './actions.ts';

/** Invites a member and shows the link, which cannot be shown again. */
export function InviteDialog({
  action,
  initial,
  roles,
}: {
  action: FormAction<InvitationLink>;
  initial: FormState<InvitationLink>;
  roles: readonly CustomerRole[];
}) {
  const t = useTranslations('identity');
  const c = useTranslations('common.action');
  return (
    <FormDialog
      title={t('members.inviteTitle')}
      description={t('members.inviteLead')}
      action={action}
      initial={initial}
      trigger={
        <Button variant="primary">
          <UserPlus aria-hidden />
          {t('members.invite')}
        </Button>
      }
      renderDone={({ link, email, expiresAt }, close) => ({
        title: t('members.linkTitle'),
        content: (
          <div className="grid gap-4">
            <p className="text-sm text-ink-2">{t('members.linkLead', { email, expires: formatInstant(expiresAt) })}</p>
            <CodeBlock text={link} label={email} isWrapped />
            <Button onClick={close} className="justify-self-end">
              {c('close')}
            </Button>
          </div>
        ),
      })}
    >
      <TextField name="email" type="email" label={t('field.email')} autoComplete="off" />
      <RoleField label={t('field.role')} roles={roles} defaultRole="member" />
      <SubmitButton className="justify-self-end">{t('members.inviteSubmit')}</SubmitButton>
    </FormDialog>
  );
}
