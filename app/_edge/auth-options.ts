import 'server-only';
import { headers } from 'next/headers';
import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { visitorCtx } from '#lib/identity/context.ts';
import { SESSION_LIFE_SECONDS_MAX } from '#lib/identity/session.ts';
import { authSecret, isSecureSite, sessionCookieName } from '#lib/identity/session-cookie.ts';
import { type SignedIn, signIn, signOut } from '#lib/identity/sign-in.ts';
import { type Refused, signInInput } from '#lib/identity/types.ts';
import { environment } from '#lib/platform/environment.ts';
import { log } from '#lib/platform/log.ts';

export type SignInRefusal = Refused<'credentialsWrong' | 'signInPaused'>;

type Heard = { readonly accepted: (session: SignedIn) => void; readonly refused: (refusal: SignInRefusal) => void };
const NOBODY: Heard = { accepted: () => {}, refused: () => {} };

/** Checks an address and a password; next-auth then keeps our session's secret in its token, and nothing else. */
async function authorize(credentials: unknown, heard: Heard) {
  const input = signInInput.safeParse(credentials);
  const userAgent = (await headers()).get('user-agent');
  const result = input.success
    ? await signIn(await visitorCtx(), { ...input.data, userAgent })
    : ({ ok: false, refusal: { code: 'credentialsWrong' } } as const);
  if (!result.ok) {
    heard.refused(result.refusal);
    return null;
  }
  heard.accepted(result.value);
  return { id: result.value.userId, secret: result.value.secret };
}

/**
 * next-auth's part: the credentials form, its CSRF token and the encrypted cookie. Whether a session lives is decided
 * by our own row, on every request (`identity/context.ts`). `heard` learns the outcome of one sign-in.
 */
export function authOptions(heard: Heard = NOBODY): NextAuthOptions {
  // next-auth reads its own address from here and from nowhere else.
  process.env['NEXTAUTH_URL'] ??= environment().publicUrl;
  const cookie = { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecureSite() } as const;
  return {
    secret: authSecret(),
    useSecureCookies: isSecureSite(),
    session: { strategy: 'jwt', maxAge: SESSION_LIFE_SECONDS_MAX },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    cookies: { sessionToken: { name: sessionCookieName(), options: cookie } },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        authorize: (credentials) => authorize(credentials, heard),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ secret: user && 'secret' in user ? user.secret : token['secret'] }),
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token['secret'] === 'string') await signOut(await visitorCtx(), { secret: token['secret'] });
      },
    },
    logger: {
      error: (code) => log.error('next-auth', { code }),
      warn: (code) => log.debug('next-auth', { code }),
      debug: () => {},
    },
  };
}
