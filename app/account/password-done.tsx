'use client';

import { useTranslations } from 'use-intl/react';
import { useFormState } from '#components/form/action-form.tsx';
import { Alert } from '#components/ui/alert.tsx';
import type { PasswordChanged } from './actions.ts';

function isPasswordChanged(value: unknown): value is PasswordChanged {
  return typeof value === 'object' && value !== null && 'endedSessions' in value;
}

/** Says that the password is changed and how many other sessions that ended. */
export function PasswordDone() {
  const t = useTranslations('identity.settings');
  const state = useFormState();
  if (state?.status !== 'done' || !isPasswordChanged(state.value)) return null;
  return <Alert kind="ok">{t('passwordChanged', { count: state.value.endedSessions })}</Alert>;
}
