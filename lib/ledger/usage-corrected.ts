import { type Instant, toIso } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { move, type ReservationRef } from './templates.ts';
import type { AccountRef, Journal, Leg } from './types.ts';

/** A move whose amount may be below zero: then it runs the other way. */
function signedMove(debit: AccountRef, credit: AccountRef, amount: bigint): Leg[] {
  return amount < 0n ? move(credit, debit, -amount) : move(debit, credit, amount);
}

/** The wallet pays what is missing or gets back what was too much, and seconds move between used and down. */
function correctedLegs(r: ReservationRef, amount: Units, usedSeconds: bigint): Leg[] {
  const { organisationId: org, poolId, skuId } = r;
  return [
    ...signedMove(chart.wallet(org), chart.revenueAccrued(skuId), amount),
    ...signedMove(chart.capacityDown(poolId, org, skuId), chart.capacityUsed(poolId, org, skuId), usedSeconds),
  ];
}

/**
 * An hour that was charged is put right. What was set aside stays as it was charged, so a hold that is resolved stays
 * resolved.
 */
export function usageCorrected(
  r: ReservationRef,
  correction: { readonly id: bigint; readonly hourAt: Instant; readonly effectiveAt: Instant },
  amount: Units,
  usedSeconds: bigint,
): Journal {
  return {
    key: `correct:${r.reservationId}:${toIso(correction.hourAt).slice(0, 13)}:${correction.id}`,
    kind: 'usageCorrected',
    organisationId: r.organisationId,
    effectiveAt: correction.effectiveAt,
    source: { reservation: r.reservationId, hour: toIso(correction.hourAt), correction: `${correction.id}` },
    legs: correctedLegs(r, amount, usedSeconds),
  };
}

/** A correction that moves to the next month: taken back in the one, by the next revision made again in the other. */
export function usageCarried(
  r: ReservationRef,
  carried: {
    readonly allocationId: string;
    readonly hourAt: Instant;
    readonly revision: number;
    readonly effectiveAt: Instant;
  },
  amount: Units,
  usedSeconds: bigint,
): Journal {
  const { allocationId, hourAt, revision, effectiveAt } = carried;
  return {
    key: `carry:${allocationId}:${toIso(hourAt).slice(0, 13)}:${revision}`,
    kind: 'usageCorrected',
    organisationId: r.organisationId,
    effectiveAt,
    source: { reservation: r.reservationId, hour: toIso(hourAt), revision },
    legs: correctedLegs(r, amount, usedSeconds),
  };
}
