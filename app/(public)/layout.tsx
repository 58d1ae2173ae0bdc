import Link from 'next/link';
import type { ReactNode } from 'react';
import { PublicShell } from '#components/layout/public-shell.tsx';
import { buttonClass } from '#components/ui/button.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { findViewer } from '#lib/identity/context.ts';
import { requestTheme } from '../_edge/preferences.ts';
import { setLocaleAction } from '../_edge/session-actions.ts';

export default async function PublicLayout({ children }: { children: ReactNode }) {
  const [t, n] = [await getTranslations('common'), await getTranslations('navigation')];
  const viewer = await findViewer();
  return (
    <PublicShell
      theme={await requestTheme()}
      setLocale={setLocaleAction}
      actions={
        viewer === null ? (
          <>
            <Link href="/sign-in" className={buttonClass({ variant: 'ghost' })}>
              {t('action.signIn')}
            </Link>
            <Link href="/sign-up" className={`${buttonClass({ variant: 'primary' })} max-sm:hidden`}>
              {t('action.signUp')}
            </Link>
          </>
        ) : (
          <Link href="/console" className={buttonClass({ variant: 'primary' })}>
            {n('consoleName')}
          </Link>
        )
      }
    >
      {children}
    </PublicShell>
  );
}
