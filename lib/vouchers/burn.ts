import { invariant } from '#lib/core/assert.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import type { Paid, Payment, Tranche, TrancheMove, Voucher, VoucherScope, VoucherShare } from './types.ts';

/** True when a scope permits what is paid for. */
export function covers(scope: VoucherScope, paid: Paid): boolean {
  const permits = <T>(list: readonly T[], value: T): boolean => list.length === 0 || list.includes(value);
  return (
    permits(scope.siteIds, paid.siteId) &&
    permits(scope.modelIds, paid.modelId) &&
    permits(scope.purchases, paid.purchase)
  );
}

/** Which of two vouchers is spent first: priority, then the earlier expiry, then the earlier grant, then the id. */
export function inBurnOrder(a: Voucher, b: Voucher): number {
  return (
    a.priority - b.priority ||
    a.validUntil - b.validUntil ||
    a.grantedAt - b.grantedAt ||
    (a.grantId < b.grantId ? -1 : a.grantId > b.grantId ? 1 : 0)
  );
}

/** The vouchers that may pay for something at an instant, in the order in which they are spent. */
export function spendable(vouchers: readonly Voucher[], paid: Paid, at: Instant): Voucher[] {
  return vouchers
    .filter(
      ({ scope, validFrom, validUntil, leftUnits }) =>
        leftUnits > 0n && validFrom <= at && at < validUntil && covers(scope, paid),
    )
    .sort(inBurnOrder);
}

/**
 * How an amount would be paid: vouchers in the order of burning, each as far as it reaches, then cash. The one rule of
 * quotes, decisions and extensions alike. Paying an amount in steps pays the same vouchers the same sums.
 */
export function planBurn(vouchers: readonly Voucher[], paid: Paid, amount: Units, at: Instant): Payment {
  invariant(amount >= 0n, 'nobody pays less than nothing');
  const shares: VoucherShare[] = [];
  let left: bigint = amount;
  for (const { grantId, leftUnits } of spendable(vouchers, paid, at)) {
    const share = left < leftUnits ? left : leftUnits;
    if (share > 0n) shares.push({ grant: grantId, amount: units(share) });
    left -= share;
  }
  return { shares, cashUnits: units(left) };
}

/** What vouchers pay of a payment. */
export const voucherUnits = ({ shares }: Pick<Payment, 'shares'>): Units =>
  units(shares.reduce((sum, { amount }) => sum + amount, 0n));

/** What is neither charged, returned nor credited of a tranche. */
const freeOf = ({ placedUnits, chargedUnits, returnedUnits, creditedUnits }: Tranche): bigint =>
  placedUnits - chargedUnits - returnedUnits - creditedUnits;

/** Takes an amount from tranches in the order given, each as far as `reach` says; all of it or the books are wrong. */
function take(tranches: readonly Tranche[], amount: bigint, reach: (tranche: Tranche) => bigint): TrancheMove[] {
  const moves: TrancheMove[] = [];
  let left = amount;
  for (const tranche of tranches) {
    const most = reach(tranche);
    const part = left < most ? left : most;
    if (part <= 0n) continue;
    moves.push({ position: tranche.position, grant: tranche.grant, amount: units(part) });
    left -= part;
  }
  invariant(left === 0n, `${left} of ${amount} lies beyond what was set aside`);
  return moves;
}

const byPosition = (tranches: readonly Tranche[]): Tranche[] => tranches.toSorted((a, b) => a.position - b.position);
const backwards = (tranches: readonly Tranche[]): Tranche[] => byPosition(tranches).reverse();

export type Charge = { readonly fromCredited: readonly TrancheMove[]; readonly fromFree: readonly TrancheMove[] };

/**
 * What use burns: first what was credited for hours given back, which are charged as unused, then what was paid first.
 * The sum over any splitting of use is the same for every tranche.
 */
export function chargeFrom(tranches: readonly Tranche[], amount: Units): Charge {
  const credited = tranches.reduce((sum, { creditedUnits }) => sum + creditedUnits, 0n);
  const ofCredited = amount < credited ? amount : credited;
  return {
    fromCredited: take(backwards(tranches), ofCredited, (tranche) => tranche.creditedUnits),
    fromFree: take(byPosition(tranches), amount - ofCredited, freeOf),
  };
}

/**
 * What goes back, in the order in which it was paid the other way round: cash before vouchers, the voucher that was
 * spent last before the first. What a return takes back, no later return or charge touches again.
 */
export function returnFrom(tranches: readonly Tranche[], amount: Units): TrancheMove[] {
  return take(backwards(tranches), amount, freeOf);
}

/** Moves of one payer become one share; what is cash is left out. */
export function sharesOf(moves: readonly TrancheMove[]): VoucherShare[] {
  const byGrant = Map.groupBy(moves, ({ grant }) => grant);
  return [...byGrant].flatMap(([grant, group]) =>
    grant === null ? [] : [{ grant, amount: units(group.reduce((sum, { amount }) => sum + amount, 0n)) }],
  );
}
