import type { PriceVersion } from '#lib/catalog/types.ts';
import { HOUR_MS, type Instant, plusSeconds } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { hourlyPlacement } from '#lib/reservations/amounts.ts';
import { HOLD_STEP_SECONDS } from '#lib/reservations/types.ts';

/** An open end as the forecast sees it. */
export type Draw = {
  readonly price: PriceVersion;
  readonly cards: number;
  readonly startAt: Instant;
  readonly heldUntil: Instant;
};

function placementUnits({ price, cards, startAt }: Draw, from: Instant, to: Instant): bigint {
  return hourlyPlacement(price, cards, startAt, from, to).amountUnits;
}

/**
 * When the first open end cannot be paid any more if nothing changes: hours are held one after the other, as the engine
 * will, each at its own price band. Null when the money lasts to `until`.
 */
export function runsOutAt(spendableUnits: Units, draws: readonly Draw[], until: Instant): Instant | null {
  const hours = (draw: Draw): number => Math.max(0, Math.ceil((until - draw.heldUntil) / HOUR_MS));
  const whole = draws.reduce((sum, draw) => {
    const end = plusSeconds(draw.heldUntil, hours(draw) * HOLD_STEP_SECONDS);
    return end > draw.heldUntil ? sum + placementUnits(draw, draw.heldUntil, end) : sum;
  }, 0n);
  if (whole <= spendableUnits) return null;
  let left: bigint = spendableUnits;
  let waiting = [...draws];
  for (;;) {
    const next = waiting.reduce<Draw | null>((a, b) => (a === null || b.heldUntil < a.heldUntil ? b : a), null);
    if (next === null || next.heldUntil >= until) return null;
    const to = plusSeconds(next.heldUntil, HOLD_STEP_SECONDS);
    const amount = placementUnits(next, next.heldUntil, to);
    if (left < amount) return next.heldUntil;
    left -= amount;
    waiting = waiting.map((draw) => (draw === next ? { ...draw, heldUntil: to } : draw));
  }
}
