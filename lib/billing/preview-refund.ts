import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Units, units, ZERO_UNITS } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize, authorizeTenant } from '#lib/identity/authorize.ts';
import { readHold } from '#lib/ledger/holds.ts';
import { withTx } from '#lib/platform/db.ts';
import { readPaidOf } from '#lib/vouchers/refunded.ts';
import { voucherUnits } from '#lib/vouchers/burn.ts';
import type { VoucherShare } from '#lib/vouchers/types.ts';
import type { ReservationRefusal } from '#lib/reservations/command-types.ts';
import { readRefundFacts, readRefundTerms } from '#lib/reservations/refund-rows.ts';
import { refundRefusal, type RefundTerms, refundUntil } from '#lib/reservations/refund-terms.ts';
import { findReservation } from '#lib/reservations/service.ts';
import { RESERVATION_CAN } from '#lib/reservations/types.ts';
import { readGivenTo } from '#lib/sla/given.ts';

/** What a full refund now would give back, in 1e-8 yuan, and to where. */
export type RefundPreview = {
  /** The last instant at which it is refunded. */
  readonly untilAt: Instant;
  readonly windowDays: number;
  /** Everything that was paid and has not come back yet. */
  readonly paidUnits: Units;
  /** Of it, charged for hours up to now: it comes back too. */
  readonly chargedUnits: Units;
  /** Given before for broken availability of these hours: that part is back already. */
  readonly givenUnits: Units;
  readonly backUnits: Units;
  readonly walletUnits: Units;
  /** What goes back to each voucher. */
  readonly vouchers: readonly VoucherShare[];
};

/**
 * What refunding a running term whole at this moment gives back. Refuses as the decision would, in its order. It changes
 * nothing; whether the one refund of a SKU is used by somebody meanwhile, the decision says.
 */
export async function previewRefund(
  ctx: Ctx,
  { reservationId }: { readonly reservationId: string },
): Promise<Result<RefundPreview, ReservationRefusal>> {
  authorizeTenant(ctx, 'reservation:change');
  const found = await findReservation(ctx, reservationId);
  if (!found) return refuse({ code: 'reservationUnknown' });
  const allowed: readonly string[] = RESERVATION_CAN.refund;
  if (!allowed.includes(found.state)) return refuse({ code: 'reservationNotInState', state: found.state });
  return withTx(ctx, async (tx): Promise<Result<RefundPreview, ReservationRefusal>> => {
    const facts = (await readRefundFacts(tx, [reservationId])).get(found.id);
    if (!facts) return refuse({ code: 'refundNotATerm' });
    const refusal = refundRefusal(found, facts, ctx.now);
    if (refusal) return refuse(refusal);
    const hold = await readHold(tx, reservationId);
    const [placed, returned] = [hold?.placedUnits ?? ZERO_UNITS, hold?.returnedUnits ?? ZERO_UNITS];
    const vouchers = (await readPaidOf(tx, [reservationId])).get(reservationId) ?? [];
    const givenUnits = (await readGivenTo(tx, [reservationId])).get(reservationId) ?? ZERO_UNITS;
    const paidUnits = units(placed - returned);
    const backUnits = units(paidUnits - givenUnits);
    return accept({
      untilAt: refundUntil(facts, found.createdAt),
      windowDays: facts.windowDays,
      paidUnits,
      chargedUnits: hold?.chargedUnits ?? ZERO_UNITS,
      givenUnits,
      backUnits,
      walletUnits: units(backUnits - voucherUnits({ shares: vouchers })),
      vouchers,
    });
  });
}

/** The rule for what is bought now; null while there is none. Anybody may read it. */
export async function getRefundTerms(ctx: Ctx): Promise<RefundTerms | null> {
  authorize(ctx, 'catalog:read');
  return withTx(ctx, (tx) => readRefundTerms(tx, ctx.now));
}
