import 'server-only';
import { hash, verify } from '@node-rs/argon2';
import { normalisePassword } from './password-rules.ts';

/** OWASP's floor for argon2id, which is the library's default algorithm. Hashing runs on libuv's pool, so at most its four threads hold 19 MiB each at a time. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The text to store for a password. */
export async function hashPassword(password: string): Promise<string> {
  return hash(normalisePassword(password), PARAMETERS);
}

let stranger: Promise<string> | null = null;

/**
 * True when the password is the one behind the hash. Without a hash, when nobody has the address, it verifies against
 * a stranger's, so that the time taken does not tell who has an account.
 */
export async function verifyPassword(password: string, hashed: string | null): Promise<boolean> {
  stranger ??= hashPassword('nobody signs in with this one');
  const isRight = await verify(hashed ?? (await stranger), normalisePassword(password));
  return isRight && hashed !== null;
}
