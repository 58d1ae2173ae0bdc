import Link from 'next/link';
import type { ReactNode } from 'react';
import { getTranslations } from '#lib/i18n/server.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { Logo } from './logo.tsx';
import { SkipLink } from './skip-link.tsx';
import type { Theme } from './theme.ts';
import { ThemeMenu } from './theme-menu.tsx';

/** The frame of the pages that need no account. */
export async function PublicShell({
  theme,
  setLocale,
  actions,
  children,
}: {
  theme: Theme;
  setLocale: (form: FormData) => Promise<void>;
  /** At the right of the bar: signing in, or the way to the console. */
  actions?: ReactNode;
  children: ReactNode;
}) {
  const t = await getTranslations('common');
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink>{t('page.skipToContent')}</SkipLink>
      <header className="sticky top-0 z-30 border-b border-line bg-canvas">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-1 px-4 sm:px-6">
          <Link href="/" className="rounded-md" aria-label={t('product.nameLong')}>
            <Logo name={t('product.name')} />
          </Link>
          <div className="ml-auto flex items-center gap-1">
            <LanguageSwitch setLocale={setLocale} />
            <ThemeMenu initial={theme} />
            {actions}
          </div>
        </div>
      </header>
      <main id="content" className="flex-1">
        {children}
      </main>
      <footer className="border-t border-line">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-6 text-sm text-ink-3 sm:px-6">
          <span>{t('product.nameLong')}</span>
          <span>{t('product.tagline')}</span>
        </div>
      </footer>
    </div>
  );
}
