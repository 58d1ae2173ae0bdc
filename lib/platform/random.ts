import 'server-only';
import { createHash, randomBytes } from 'node:crypto';
import { type Id, type IdKind, makeId, toBase32 } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';

/** A fresh id of one kind. */
export function newId<K extends IdKind>(kind: K, now: Instant): Id<K> {
  return makeId(kind, now, randomBytes(10));
}

/** A secret of 256 random bits as text, for cookies, tokens and keys. */
export function newSecret(): string {
  return toBase32(randomBytes(32));
}

/** What we store of a secret: its SHA-256, in hexadecimal. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A code people type from paper: groups of four from an alphabet without look-alikes. */
export function newCode(groups: number): string {
  const alphabet = '3479ACEFHJKLMNPQRTUVWXY';
  const letters = Array.from(randomBytes(groups * 4), (byte) => alphabet[byte % alphabet.length] ?? '');
  return Array.from({ length: groups }, (_, i) => letters.slice(i * 4, i * 4 + 4).join('')).join('-');
}

/** A request id for contexts and logs. */
export function newRequestId(): string {
  return `req_${toBase32(randomBytes(10))}`;
}
