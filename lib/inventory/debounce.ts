import { type Instant, later, plusSeconds } from '#lib/core/instant.ts';
import type { Health } from './types.ts';

// Health that flaps must not flap the fleet. Bad news shows, and stops charging, at its own instant; what moves cards
// waits: replacement for the fault to last, new work for the card to have proven itself.

/** A failed card waits out this long before it is replaced: many faults pass. Design, section 6. */
export const REPLACE_DEBOUNCE_SECONDS = 30;

/**
 * A card that was down takes no new work before it has been up this long without a break. Assumption, no vendor
 * publishes one: twice the replacement's wait, so that a card that fails again and again never gets new work faster
 * than its holder is moved away, and longer than a driver needs to come up and fail again.
 */
export const PROBATION_SECONDS = 60;

/** What is known of a card before a report. `probationUntil`: it is up, and not trusted with new work before then. */
export type KnownHealth = { readonly health: Health; readonly probationUntil: Instant | null };

const isUp = (health: Health): boolean => health === 'healthy' || health === 'degraded';

/**
 * Until when a card is on probation after a report of `health` at `at`; null when it is not. Coming back from being
 * down begins one, another failure ends it, and news of a card that is up changes nothing about it.
 */
export function probationAfter(before: KnownHealth, health: Health, at: Instant): Instant | null {
  if (!isUp(health)) return null;
  return isUp(before.health) ? before.probationUntil : plusSeconds(at, PROBATION_SECONDS);
}

/**
 * When the holder of a card that failed at `at` gets another one. A card that fails on probation is not waited for
 * again: its fault does not pass. Never before `now`.
 */
export function replaceAt(before: KnownHealth, at: Instant, now: Instant): Instant {
  const isRelapse = before.probationUntil !== null && at < before.probationUntil;
  return later(isRelapse ? at : plusSeconds(at, REPLACE_DEBOUNCE_SECONDS), now);
}
