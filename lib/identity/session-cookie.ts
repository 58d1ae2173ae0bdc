import 'server-only';
import { cookies } from 'next/headers';
import { decode } from 'next-auth/jwt';
import { present } from '#lib/core/assert.ts';
import { environment } from '#lib/platform/environment.ts';

/** True when people reach us by https: cookies are then bound to it and to this host. */
export function isSecureSite(): boolean {
  return environment().publicUrl.startsWith('https://');
}

/** The session cookie's name; `__Host-` makes browsers refuse it for other hosts and paths. */
export function sessionCookieName(): string {
  return isSecureSite() ? '__Host-kashi-session' : 'kashi-session';
}

/** The key of next-auth's tokens. */
export function authSecret(): string {
  return present(environment().secret, 'KASHI_SECRET');
}

/**
 * Our session secret out of next-auth's token; null without a cookie or with one that is not ours. The token proves
 * nothing by itself: whoever uses the secret looks up its row.
 */
export async function readSessionSecret(): Promise<string | null> {
  const token = (await cookies()).get(sessionCookieName())?.value;
  if (token === undefined) return null;
  try {
    const payload = await decode({ token, secret: authSecret() });
    return typeof payload?.['secret'] === 'string' ? payload['secret'] : null;
  } catch {
    return null;
  }
}
