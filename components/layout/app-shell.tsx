import Link from 'next/link';
import type { ReactNode } from 'react';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations } from '#lib/i18n/server.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { Logo } from './logo.tsx';
import { MobileNavigation } from './mobile-navigation.tsx';
import { SkipLink } from './skip-link.tsx';
import type { Theme } from './theme.ts';
import { ThemeMenu } from './theme-menu.tsx';
import { type Person, UserMenu } from './user-menu.tsx';

type FormServerAction = (form: FormData) => Promise<void>;

export type AppShellProps = {
  /** The console's name beside the logo; the customers' console goes without. */
  readonly note?: string | undefined;
  /** Where the logo leads. */
  readonly home: string;
  readonly person: Person;
  readonly theme: Theme;
  readonly actions: { readonly signOut: FormServerAction; readonly setLocale: FormServerAction };
  /** Above the navigation: the organisation switcher. */
  readonly switcher?: ReactNode;
  readonly navigation: ReactNode;
  /** In the top bar: the wallet's balance, the demo clock. */
  readonly walletSlot?: ReactNode;
  readonly clockSlot?: ReactNode;
  readonly children: ReactNode;
};

/** The frame of a console: navigation at the side, a bar on top, the page. On a phone the navigation is a drawer. */
export async function AppShell(props: AppShellProps) {
  const { note, home, person, theme, actions, switcher, navigation, walletSlot, clockSlot, children } = props;
  const t = await getTranslations('common');
  const n = await getTranslations('navigation');
  const side = (
    <>
      <Link href={home} className="flex h-14 shrink-0 items-center px-5">
        <Logo name={t('product.name')} note={note} />
      </Link>
      {switcher !== undefined && <div className="px-3">{switcher}</div>}
      {navigation}
    </>
  );
  return (
    <ClientMessages namespaces={['navigation']}>
      <SkipLink>{t('page.skipToContent')}</SkipLink>
      <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <div className="border-r border-line max-lg:hidden">
          <div className="sticky top-0 flex h-dvh flex-col overflow-y-auto">{side}</div>
        </div>
        <div className="flex min-w-0 flex-col">
          <header className="sticky top-0 z-30 flex h-14 items-center gap-1 border-b border-line bg-canvas px-3 sm:px-6">
            <div className="lg:hidden">
              <MobileNavigation label={n('openMenu')}>{side}</MobileNavigation>
            </div>
            <div className="ml-auto flex min-w-0 items-center gap-1">
              {clockSlot}
              {walletSlot}
              <LanguageSwitch setLocale={actions.setLocale} />
              <ThemeMenu initial={theme} />
              <UserMenu person={person} signOut={actions.signOut} />
            </div>
          </header>
          <main id="content" className="mx-auto w-full max-w-7xl flex-1 px-4 py-6 sm:px-6 sm:py-8">
            {children}
          </main>
        </div>
      </div>
    </ClientMessages>
  );
}
