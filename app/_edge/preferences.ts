import 'server-only';
import { cookies, headers } from 'next/headers';
import { parseTheme, type Theme, THEME_COOKIE } from '#components/layout/theme.ts';
import { NONCE_HEADER } from './request-headers.ts';

/** The look this device has chosen. */
export async function requestTheme(): Promise<Theme> {
  return parseTheme((await cookies()).get(THEME_COOKIE)?.value);
}

/** The nonce of this answer's scripts and style elements. */
export async function requestNonce(): Promise<string | undefined> {
  return (await headers()).get(NONCE_HEADER) ?? undefined;
}
