'use client';

import type { ComponentProps } from 'react';
import { IntlProvider } from 'use-intl/react';

/** use-intl's provider on the client, with the one zone in which Kashi shows time. */
export function IntlClientProvider(props: Omit<ComponentProps<typeof IntlProvider>, 'timeZone'>) {
  return <IntlProvider {...props} timeZone="Asia/Shanghai" />;
}
