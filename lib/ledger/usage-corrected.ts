import { type Instant, toIso } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { move, type ReservationRef } from './templates.ts';
import type { AccountRef, Journal, Leg } from './types.ts';

/** A move whose amount may be below zero: then it runs the other way. */
function signedMove(debit: AccountRef, credit: AccountRef, amount: bigint): Leg[] {
  return amount < 0n ? move(credit, debit, -amount) : move(debit, credit, amount);
}

/**
 * An hour that was charged is put right: the wallet pays what is missing or gets back what was too much, and seconds move
 * between used and down. What was set aside stays as it was charged, so a hold that is resolved stays resolved.
 */
export function usageCorrected(
  r: ReservationRef,
  correction: { readonly id: bigint; readonly hourAt: Instant; readonly effectiveAt: Instant },
  amount: Units,
  usedSeconds: bigint,
): Journal {
  const { organisationId: org, poolId, skuId } = r;
  return {
    key: `correct:${r.reservationId}:${toIso(correction.hourAt).slice(0, 13)}:${correction.id}`,
    kind: 'usageCorrected',
    organisationId: org,
    effectiveAt: correction.effectiveAt,
    source: { reservation: r.reservationId, hour: toIso(correction.hourAt), correction: `${correction.id}` },
    legs: [
      ...signedMove(chart.wallet(org), chart.revenueAccrued(skuId), amount),
      ...signedMove(chart.capacityDown(poolId, org, skuId), chart.capacityUsed(poolId, org, skuId), usedSeconds),
    ],
  };
}
