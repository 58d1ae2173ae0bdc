import { type Instant, MINUTE_MS, plusMs } from '#lib/core/instant.ts';

export const FAILURES_MAX = 8;
const PAUSE_MS = 15 * MINUTE_MS;

/** What is remembered of an address: attempts since the last success, and the pause they earned. */
export type Attempts = { readonly failures: number; readonly blockedUntil: Instant | null };

export type AttemptDecision =
  | { readonly kind: 'paused'; readonly untilAt: Instant }
  | { readonly kind: 'try'; readonly next: Attempts };

/**
 * Whether an address may try a password now. The attempt is counted before the password is looked at and forgotten
 * when it was right, so that attempts sent at once do not all slip past the count; the eighth begins the pause.
 */
export function decideAttempt(attempts: Attempts, now: Instant): AttemptDecision {
  const { blockedUntil } = attempts;
  if (blockedUntil !== null && blockedUntil > now) return { kind: 'paused', untilAt: blockedUntil };
  const failures = (blockedUntil === null ? attempts.failures : 0) + 1;
  return {
    kind: 'try',
    next: { failures, blockedUntil: failures >= FAILURES_MAX ? plusMs(now, PAUSE_MS) : null },
  };
}
