import 'server-only';
import type { ReactNode } from 'react';
import { IntlClientProvider } from './intl-client-provider.tsx';
import { messagesOf, type Namespace } from './messages.ts';
import { requestLocale } from './server.ts';

/** What every client component may use without asking; the rest of the catalogue stays on the server. */
const EVERYWHERE = ['common'] as const satisfies readonly Namespace[];

/** Gives the client components below it the texts of some namespaces, and of no others, in the request's language. */
export async function ClientMessages({
  namespaces = [],
  children,
}: {
  namespaces?: readonly Namespace[];
  children: ReactNode;
}) {
  const locale = await requestLocale();
  const all = messagesOf(locale);
  const messages = Object.fromEntries([...EVERYWHERE, ...namespaces].map((name) => [name, all[name]]));
  return (
    <IntlClientProvider locale={locale} messages={messages}>
      {children}
    </IntlClientProvider>
  );
}
