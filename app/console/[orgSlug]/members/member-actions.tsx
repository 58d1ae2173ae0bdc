'use client';

import { useTranslations } from 'use-intl/react';
import { ConfirmDialog } from '#components/form/confirm-dialog.tsx';
import { FormDialog } from '#components/form/form-dialog.tsx';
import type { FormAction, FormState } from '#components/form/form-state.ts';
import { SubmitButton } from '#components/form/submit-button.tsx';
import { RoleField } from '#components/identity/role-field.tsx';
import { Button } from '#components/ui/button.tsx';
import type { CustomerRole } from '#lib/core/context.ts';

type Target = { readonly userId: string; readonly name: string; readonly role: CustomerRole };

/** Changes a member's role, or ends the membership. */
export function MemberActions({
  member,
  roles,
  initial,
  changeRole,
  remove,
}: {
  member: Target;
  roles: readonly CustomerRole[];
  initial: FormState;
  changeRole: FormAction;
  remove: FormAction;
}) {
  const t = useTranslations('identity');
  const c = useTranslations('common.action');
  const { userId, name, role } = member;
  return (
    <div className="flex justify-end gap-1">
      <FormDialog
        title={t('members.changeRole', { name })}
        action={changeRole}
        initial={initial}
        trigger={
          <Button size="sm" variant="ghost" aria-label={t('members.changeRole', { name })}>
            {c('change')}
          </Button>
        }
      >
        <input type="hidden" name="userId" value={userId} />
        <RoleField label={t('field.role')} roles={roles} defaultRole={role} />
        <SubmitButton className="justify-self-end">{c('save')}</SubmitButton>
      </FormDialog>
      <ConfirmDialog
        title={t('members.removeTitle', { name })}
        text={t('members.removeText')}
        confirm={t('members.remove')}
        fields={{ userId }}
        action={remove}
        initial={initial}
        trigger={
          <Button size="sm" variant="ghost" aria-label={`${t('members.remove')}: ${name}`}>
            {c('remove')}
          </Button>
        }
      />
    </div>
  );
}

/** Ends one's own membership. */
export function LeaveDialog({
  organisation,
  action,
  initial,
}: {
  organisation: string;
  action: FormAction;
  initial: FormState;
}) {
  const t = useTranslations('identity.members');
  return (
    <ConfirmDialog
      title={t('leaveTitle', { organisation })}
      text={t('leaveText')}
      confirm={t('leave')}
      action={action}
      initial={initial}
      trigger={
        <Button size="sm" variant="ghost">
          {t('leave')}
        </Button>
      }
    />
  );
}
