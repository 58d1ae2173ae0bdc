import 'server-only';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { chooseLocale, LOCALE_COOKIE, type Locale } from './locale.ts';
import type { Namespace } from './messages.ts';
import { translator } from './translator.ts';

/**
 * The language of this request: the cookie's, else what the browser asks for. Signing in sets the cookie from the
 * person's profile where there is none, so a profile holds on every device that has not chosen otherwise.
 */
export const requestLocale = cache(async (): Promise<Locale> => {
  const [jar, header] = await Promise.all([cookies(), headers()]);
  return chooseLocale({ cookie: jar.get(LOCALE_COOKIE)?.value, acceptLanguage: header.get('accept-language') });
});

/** The texts of one namespace in the request's language. */
export async function getTranslations<N extends Namespace>(namespace: N) {
  return translator(await requestLocale(), namespace);
}
