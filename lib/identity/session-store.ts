import 'server-only';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { Attempts } from './throttle.ts';

// On real time, because a demo clock that runs a day a minute must not sign people out.

/** Real time by the database's clock. */
export async function readRealNow(tx: Tx): Promise<Instant> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT kashi_real_now() AS now`;
  return fromDate(present(row, 'the database clock').now);
}

/** What is remembered of an address, locked until the transaction ends. */
export async function lockAttempts(tx: Tx, email: string, at: Instant): Promise<Attempts> {
  const [row] = await tx.$queryRaw<{ failures: number; blocked_until: Date | null }[]>`
    INSERT INTO sign_in_attempt (email, failures, updated_at) VALUES (${email}, 0, ${toDate(at)})
    ON CONFLICT (email) DO UPDATE SET updated_at = EXCLUDED.updated_at RETURNING failures, blocked_until`;
  const { failures, blocked_until: until } = present(row, 'the attempts of an address');
  return { failures, blockedUntil: until === null ? null : fromDate(until) };
}

/** Remembers attempts at an address; null forgets them. */
export async function saveAttempts(tx: Tx, email: string, attempts: Attempts | null): Promise<void> {
  if (attempts === null) {
    await tx.signInAttempt.deleteMany({ where: { email } });
    return;
  }
  const { failures, blockedUntil } = attempts;
  await tx.signInAttempt.updateMany({
    where: { email },
    data: { failures, blockedUntil: blockedUntil === null ? null : toDate(blockedUntil) },
  });
}

export type SessionRow = {
  readonly id: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly userAgent: string;
};

/** Saves a session under the hash of its secret. */
export async function insertSession(tx: Tx, userId: Id<'user'>, session: SessionRow): Promise<void> {
  const { id, userAgent, createdAt, expiresAt } = session;
  await tx.session.createMany({
    data: [{ id, userId, userAgent, createdAt: toDate(createdAt), expiresAt: toDate(expiresAt) }],
  });
}

/** The live sessions of a person, newest first. */
export async function selectSessions(tx: Tx, userId: Id<'user'>, at: Instant): Promise<SessionRow[]> {
  const rows = await tx.session.findMany({
    where: { userId, revokedAt: null, expiresAt: { gt: toDate(at) } },
    select: { id: true, createdAt: true, expiresAt: true, userAgent: true },
    orderBy: { createdAt: 'desc' },
  });
  return rows.map((row) => ({ ...row, createdAt: fromDate(row.createdAt), expiresAt: fromDate(row.expiresAt) }));
}

type SessionKey = { readonly id: string; readonly userId?: Id<'user'> };

/** Ends sessions at once and answers how many: one, or all of a person but one. */
export async function endSessions(
  tx: Tx,
  which: SessionKey | { readonly userId: Id<'user'>; readonly exceptId: string },
  at: Instant,
): Promise<number> {
  const where = 'exceptId' in which ? { userId: which.userId, id: { not: which.exceptId } } : which;
  const { count } = await tx.session.updateMany({
    where: { ...where, revokedAt: null },
    data: { revokedAt: toDate(at) },
  });
  return count;
}
