import './globals.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { ToastProvider } from '#components/ui/toast.tsx';
import { ClientMessages } from '#lib/i18n/client-messages.tsx';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { requestNonce, requestTheme } from './_edge/preferences.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('common');
  const name = t('product.nameLong');
  return { title: { default: `${name} · ${t('product.tagline')}`, template: `%s · ${name}` }, applicationName: name };
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, theme, nonce] = await Promise.all([requestLocale(), requestTheme(), requestNonce()]);
  return (
    <html lang={locale} data-theme={theme === 'system' ? undefined : theme}>
      <body>
        <CSPProvider nonce={nonce}>
          <ClientMessages>
            <ToastProvider>{children}</ToastProvider>
          </ClientMessages>
        </CSPProvider>
      </body>
    </html>
  );
}
