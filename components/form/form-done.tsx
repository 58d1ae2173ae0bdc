'use client';

import type { ReactNode } from 'react';
import { Alert } from '../ui/alert.tsx';
import { useFormState } from './action-form.tsx';

/** Says in the form that its last submission was accepted. */
export function FormDone({ children }: { children: ReactNode }) {
  return useFormState()?.status === 'done' ? <Alert kind="ok">{children}</Alert> : null;
}
