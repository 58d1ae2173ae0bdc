import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { Locale } from '#lib/i18n/locale.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { hashSecret, newSecret } from '#lib/platform/random.ts';
import { authorize, authorizePerson } from './authorize.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { checkNewPassword } from './password-rules.ts';
import { unsafeWide } from './scope.ts';
import { sessionEndOf, shortUserAgent } from './session.ts';
import {
  endSessions,
  insertSession,
  lockAttempts,
  readRealNow,
  saveAttempts,
  selectSessions,
} from './session-store.ts';
import { findCredentials, savePassword } from './user-store.ts';
import { type Attempts, decideAttempt } from './throttle.ts';
import type { PasswordChangeInput, PasswordRefusal, Refused, SessionView, SignInInput } from './types.ts';

export type SignedIn = {
  /** For the cookie; we keep only its hash. */
  readonly secret: string;
  readonly userId: Id<'user'>;
  readonly expiresAt: Instant;
  readonly locale: Locale;
};

/** Counts an attempt at an address before its password is looked at. */
async function beginAttempt(tx: Tx, email: string): Promise<Result<Attempts, Refused<'signInPaused'>>> {
  const realNow = await readRealNow(tx);
  const decision = decideAttempt(await lockAttempts(tx, email, realNow), realNow);
  if (decision.kind === 'paused') return refuse({ code: 'signInPaused', untilAt: decision.untilAt });
  await saveAttempts(tx, email, decision.next);
  return accept(decision.next);
}

/**
 * Checks an address and a password and opens a session. Eight failures in a row pause the address for 15 minutes,
 * whether or not anybody has it, and the answer takes the same time either way.
 */
export async function signIn(
  ctx: Ctx,
  input: SignInInput & { readonly userAgent: string | null },
): Promise<Result<SignedIn, Refused<'credentialsWrong' | 'signInPaused'>>> {
  authorize(ctx, 'account:signIn');
  const { email, password } = input;
  const begun = await withTx(unsafeWide(ctx), async (tx) => {
    const attempt = await beginAttempt(tx, email);
    return attempt.ok ? accept({ attempts: attempt.value, known: await findCredentials(tx, { email }) }) : attempt;
  });
  if (!begun.ok) return begun;
  const { attempts, known } = begun.value;
  const isRight = await verifyPassword(password, known?.hash ?? null);
  return withTx(unsafeWide(ctx), async (tx) => {
    if (known === null || !isRight) {
      if (attempts.blockedUntil === null) return refuse({ code: 'credentialsWrong' });
      if (known) await record(ctx, tx, 'signIn.paused', known.userId, { untilAt: attempts.blockedUntil });
      return refuse({ code: 'signInPaused', untilAt: attempts.blockedUntil });
    }
    await saveAttempts(tx, email, null);
    const secret = newSecret();
    const createdAt = await readRealNow(tx);
    const expiresAt = sessionEndOf(known.kind, createdAt);
    const userAgent = shortUserAgent(input.userAgent);
    await insertSession(tx, known.userId, { id: hashSecret(secret), createdAt, expiresAt, userAgent });
    await record(ctx, tx, 'session.opened', known.userId, {});
    return accept({ secret, userId: known.userId, expiresAt, locale: known.locale });
  });
}

/** Ends the session of a secret, wherever it is still in use. A secret without a session changes nothing. */
export async function signOut(ctx: Ctx, { secret }: { secret: string }): Promise<void> {
  authorize(ctx, 'account:signIn');
  await withTx(unsafeWide(ctx), async (tx) => {
    const count = await endSessions(tx, { id: hashSecret(secret) }, await readRealNow(tx));
    if (count > 0) await record(ctx, tx, 'session.closed', hashSecret(secret), {});
  });
}

/** One's own live sessions; `secret` tells which of them is asking. */
export async function listSessions(ctx: Ctx, { secret }: { secret: string }): Promise<SessionView[]> {
  const userId = authorizePerson(ctx, 'account:manageOwn');
  const thisId = hashSecret(secret);
  const rows = await withTx(unsafeWide(ctx), async (tx) => selectSessions(tx, userId, await readRealNow(tx)));
  return rows.map((row) => ({ ...row, isThisOne: row.id === thisId }));
}

/** Ends one of one's own sessions; its next request is a visitor's. */
export async function revokeSession(
  ctx: Ctx,
  { id }: { id: string },
): Promise<Result<null, Refused<'sessionUnknown'>>> {
  const userId = authorizePerson(ctx, 'account:manageOwn');
  return withTx(unsafeWide(ctx), async (tx) => {
    const count = await endSessions(tx, { id, userId }, await readRealNow(tx));
    if (count === 0) return refuse({ code: 'sessionUnknown' });
    await record(ctx, tx, 'session.revoked', userId, {});
    return accept(null);
  });
}

/** Changes one's own password and ends every other session. Wrong guesses count as failed sign-ins. */
export async function changePassword(
  ctx: Ctx,
  input: PasswordChangeInput & { readonly secret: string },
): Promise<
  Result<{ readonly endedSessions: number }, PasswordRefusal | Refused<'currentPasswordWrong' | 'signInPaused'>>
> {
  const userId = authorizePerson(ctx, 'account:manageOwn');
  const begun = await withTx(unsafeWide(ctx), async (tx) => {
    const known = await findCredentials(tx, { id: userId });
    if (known === null) return refuse({ code: 'currentPasswordWrong' });
    const attempt = await beginAttempt(tx, known.email);
    return attempt.ok ? accept(known) : attempt;
  });
  if (!begun.ok) return begun;
  const { email, hash } = begun.value;
  if (!(await verifyPassword(input.currentPassword, hash))) return refuse({ code: 'currentPasswordWrong' });
  const password = checkNewPassword(input.newPassword, email);
  if (password.ok) return replacePassword(ctx, { userId, email, password: password.value, secret: input.secret });
  await withTx(unsafeWide(ctx), (tx) => saveAttempts(tx, email, null));
  return password;
}

async function replacePassword(
  ctx: Ctx,
  { userId, email, password, secret }: { userId: Id<'user'>; email: string; password: string; secret: string },
): Promise<Result<{ readonly endedSessions: number }, never>> {
  const hash = await hashPassword(password);
  return withTx(unsafeWide(ctx), async (tx) => {
    await saveAttempts(tx, email, null);
    await savePassword(tx, userId, hash, ctx.now);
    const others = { userId, exceptId: hashSecret(secret) };
    const endedSessions = await endSessions(tx, others, await readRealNow(tx));
    await record(ctx, tx, 'password.changed', userId, { endedSessions });
    return accept({ endedSessions });
  });
}
