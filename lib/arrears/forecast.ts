import type { PriceVersion } from '#lib/catalog/types.ts';
import { HOUR_MS, type Instant, plusSeconds } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { hourlyPlacement } from '#lib/reservations/amounts.ts';
import { HOLD_STEP_SECONDS } from '#lib/reservations/types.ts';
import { planBurn } from '#lib/vouchers/burn.ts';
import type { Paid, Payment, Voucher } from '#lib/vouchers/types.ts';

/** An open end as the forecast sees it. */
export type Draw = {
  readonly price: PriceVersion;
  readonly cards: number;
  readonly startAt: Instant;
  readonly heldUntil: Instant;
  /** What vouchers look at. */
  readonly paid: Paid;
};

function placementUnits({ price, cards, startAt }: Draw, from: Instant, to: Instant): bigint {
  return hourlyPlacement(price, cards, startAt, from, to).amountUnits;
}

/** The vouchers with what is left of them once a payment took its shares. */
function less(vouchers: readonly Voucher[], { shares }: Pick<Payment, 'shares'>): readonly Voucher[] {
  if (shares.length === 0) return vouchers;
  const taken = new Map<string, bigint>(shares.map(({ grant, amount }) => [grant, amount]));
  return vouchers.map((voucher) => ({
    ...voucher,
    leftUnits: units(voucher.leftUnits - (taken.get(voucher.grantId) ?? 0n)),
  }));
}

/**
 * When the first open end cannot be paid any more if nothing changes: hours are held one after the other, as the engine
 * will, each at its own price band, and paid by vouchers before money, as far as each permits and while it is valid. Null
 * when both last to `until`.
 */
export function runsOutAt(
  spendableUnits: Units,
  draws: readonly Draw[],
  until: Instant,
  vouchers: readonly Voucher[] = [],
): Instant | null {
  const hours = (draw: Draw): number => Math.max(0, Math.ceil((until - draw.heldUntil) / HOUR_MS));
  const whole = draws.reduce((sum, draw) => {
    const end = plusSeconds(draw.heldUntil, hours(draw) * HOLD_STEP_SECONDS);
    return end > draw.heldUntil ? sum + placementUnits(draw, draw.heldUntil, end) : sum;
  }, 0n);
  if (whole <= spendableUnits) return null;
  let left: bigint = spendableUnits;
  let waiting = [...draws];
  let open = vouchers;
  for (;;) {
    const next = waiting.reduce<Draw | null>((a, b) => (a === null || b.heldUntil < a.heldUntil ? b : a), null);
    if (next === null || next.heldUntil >= until) return null;
    const to = plusSeconds(next.heldUntil, HOLD_STEP_SECONDS);
    const amount = placementUnits(next, next.heldUntil, to);
    const payment = planBurn(open, next.paid, units(amount), next.heldUntil);
    if (left < payment.cashUnits) return next.heldUntil;
    left -= payment.cashUnits;
    open = less(open, payment);
    waiting = waiting.map((draw) => (draw === next ? { ...draw, heldUntil: to } : draw));
  }
}
