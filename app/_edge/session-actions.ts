'use server';

import { refresh } from 'next/cache';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { parseLocale } from '#lib/i18n/locale.ts';
import { setOwnLocale } from '#lib/identity/accounts.ts';
import { findViewer, personCtx, visitorCtx } from '#lib/identity/context.ts';
import { readSessionSecret, sessionCookieName } from '#lib/identity/session-cookie.ts';
import { signOut } from '#lib/identity/sign-in.ts';
import { setLocaleCookie } from './authenticate.ts';
import { isOwnRequest } from './submit.ts';

/** Ends the session, here and in the database, and goes to the start page. */
export async function signOutAction(): Promise<void> {
  if (!(await isOwnRequest())) return;
  const secret = await readSessionSecret();
  if (secret !== null) await signOut(await visitorCtx(), { secret });
  (await cookies()).delete({ name: sessionCookieName(), path: '/' });
  redirect('/');
}

/** Changes the language of this device, and of the person's profile when somebody is signed in. */
export async function setLocaleAction(form: FormData): Promise<void> {
  const locale = parseLocale(String(form.get('locale') ?? ''));
  if (locale === null || !(await isOwnRequest())) return;
  setLocaleCookie(await cookies(), locale);
  if ((await findViewer()) !== null) await setOwnLocale(await personCtx(), { locale });
  refresh();
}
