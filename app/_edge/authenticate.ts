import 'server-only';
import { cookies } from 'next/headers';
import NextAuth from 'next-auth';
import { NextRequest, NextResponse } from 'next/server';
import { InvariantError } from '#lib/core/assert.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { LOCALE_COOKIE } from '#lib/i18n/locale.ts';
import type { SignedIn } from '#lib/identity/sign-in.ts';
import type { SignInInput } from '#lib/identity/types.ts';
import { environment } from '#lib/platform/environment.ts';
import { authOptions, type SignInRefusal } from './auth-options.ts';

type Options = ReturnType<typeof authOptions>;

/** Calls one of next-auth's own routes from a server action and keeps the cookies that it sets. */
async function callNextAuth(options: Options, route: string[], form?: Record<string, string>): Promise<Response> {
  const url = new URL(`/api/auth/${route.join('/')}`, environment().publicUrl);
  const request = new NextRequest(url, form ? { method: 'POST', body: new URLSearchParams(form) } : {});
  const context = { params: Promise.resolve({ nextauth: route }) };
  const response: Response = await NextAuth(options)(request, context);
  const jar = await cookies();
  for (const cookie of new NextResponse(null, { headers: response.headers }).cookies.getAll()) jar.set(cookie);
  return response;
}

/** Signs in through next-auth: its CSRF token first, then its credentials route. For server actions only. */
export async function authenticate(input: SignInInput): Promise<Result<SignedIn, SignInRefusal>> {
  let outcome: Result<SignedIn, SignInRefusal> | null = null;
  const options = authOptions({
    accepted: (session) => {
      outcome = accept(session);
    },
    refused: (refusal) => {
      outcome = refuse(refusal);
    },
  });
  const { csrfToken } = await (await callNextAuth(options, ['csrf'])).json();
  await callNextAuth(options, ['callback', 'credentials'], { ...input, csrfToken });
  if (outcome === null) throw new InvariantError('next-auth did not ask for the credentials');
  await rememberLocale(outcome);
  return outcome;
}

/** A device that has not chosen a language takes the person's. */
async function rememberLocale(outcome: Result<SignedIn, SignInRefusal>): Promise<void> {
  const jar = await cookies();
  if (outcome.ok && !jar.has(LOCALE_COOKIE)) setLocaleCookie(jar, outcome.value.locale);
}

/** Keeps a language on this device for a year. */
export function setLocaleCookie(jar: Awaited<ReturnType<typeof cookies>>, locale: string): void {
  jar.set(LOCALE_COOKIE, locale, { path: '/', sameSite: 'lax', maxAge: 31_536_000 });
}
