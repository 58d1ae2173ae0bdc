import { units, type Units } from '#lib/core/money.ts';
import type { VoucherShare } from './types.ts';

/** A voucher that paid for an hour: what it still paid of it by now. `isOver` when it can pay for nothing any more. */
export type HourPayer = VoucherShare & { readonly isOver: boolean };

const divCeil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/**
 * What goes back to the vouchers that paid for an hour of which less is charged after all: each its part of the hour, in the
 * order of payers, rounded up so that no voucher becomes money by rounding. What belongs to one that is over is left to the
 * wallet. `chargedUnits` is what the hour was charged, cash and vouchers together; `amount` is never more.
 */
export function sharesBack(payers: readonly HourPayer[], chargedUnits: bigint, amount: bigint): VoucherShare[] {
  let paid = 0n;
  let back = 0n;
  return payers.flatMap(({ grant, amount: share, isOver }): VoucherShare[] => {
    paid += share;
    const upTo = divCeil(amount * (paid < chargedUnits ? paid : chargedUnits), chargedUnits);
    const own: Units = units(upTo - back);
    back = upTo;
    return own === 0n || isOver ? [] : [{ grant, amount: own }];
  });
}
