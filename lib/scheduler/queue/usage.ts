import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import type { DecayedUsage } from '../queue-types.ts';

/** Past use counts half after a week. */
const HALF_LIFE_HOURS = 168;

/** 2^(-h/168) for whole hours h below the half-life, in 2^-32: usage fades in hourly steps of whole numbers. */
const FADED = Array.from({ length: HALF_LIFE_HOURS }, (_, hour) =>
  BigInt(Math.round(2 ** (32 - hour / HALF_LIFE_HOURS))),
);

/** Usage as of a later instant. It fades by whole hours since it was taken, so `asOf` moves by whole hours too. */
export function fadedUsage(usage: DecayedUsage, now: Instant): DecayedUsage {
  const hours = Math.floor((now - usage.asOf) / HOUR_MS);
  if (hours <= 0) return usage;
  const part = FADED[hours % HALF_LIFE_HOURS] ?? 0n;
  const halvings = BigInt(Math.floor(hours / HALF_LIFE_HOURS));
  return {
    cardSeconds: (usage.cardSeconds * part) >> (32n + halvings),
    asOf: (usage.asOf + hours * HOUR_MS) as Instant,
  };
}

/** Usage with card-seconds added at an instant. */
export function addedUsage(usage: DecayedUsage, cardSeconds: bigint, now: Instant): DecayedUsage {
  const faded = fadedUsage(usage, now);
  return { ...faded, cardSeconds: faded.cardSeconds + cardSeconds };
}

/** Steps that {@link usageStep} tells apart. */
export const USAGE_STEPS = 32;

/**
 * How much of its share an account has used, in steps that double from 0 to 31, so that accounts in about the same
 * position are not shuffled by the last minute. Step 16 begins at the quota held for one hour.
 */
export function usageStep(usage: DecayedUsage, quotaCards: number, now: Instant): number {
  const share = BigInt(Math.max(1, quotaCards)) * 3_600n;
  const relative = (fadedUsage(usage, now).cardSeconds << 15n) / share;
  const bits = relative === 0n ? 0 : relative.toString(2).length;
  return Math.min(USAGE_STEPS - 1, bits);
}
