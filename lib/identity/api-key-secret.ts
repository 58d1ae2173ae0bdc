import 'server-only';
import type { Instant } from '#lib/core/instant.ts';
import { newSecret } from '#lib/platform/random.ts';

const PREFIX = 'kashi_';
const SHOWN_CHARACTERS = PREFIX.length + 6;

/** A fresh key: a prefix that secret scanners can recognise, and 256 random bits. */
export function newApiKeySecret(): string {
  return `${PREFIX}${newSecret()}`;
}

/** The readable beginning of a key, to tell keys apart in a list. */
export function keyPrefix(secret: string): string {
  return secret.slice(0, SHOWN_CHARACTERS);
}

/** The key in an `Authorization: Bearer kashi_…` header; null when the header holds none. */
export function bearerKey(header: string | null): string | null {
  return /^Bearer (kashi_[0-9a-z]{52})$/.exec(header ?? '')?.[1] ?? null;
}

/** Whether a key is in force. */
export function keyState(
  key: { readonly expiresAt: Instant | null; readonly isRevoked: boolean },
  now: Instant,
): 'live' | 'expired' | 'revoked' {
  if (key.isRevoked) return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'live';
}
