import type { ReactNode } from 'react';
import { PublicShell } from '#components/layout/public-shell.tsx';
import { requestTheme } from '../_edge/preferences.ts';
import { setLocaleAction } from '../_edge/session-actions.ts';

export default async function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <PublicShell theme={await requestTheme()} setLocale={setLocaleAction}>
      {children}
    </PublicShell>
  );
}
