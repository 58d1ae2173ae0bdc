import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { move, type ReservationRef } from './templates.ts';
import type { Journal } from './types.ts';

/**
 * The hours of grace of a reservation by the hour are set aside on credit: what the wallet does not hold is owed. It is
 * placement `step` of the reservation, like every other.
 */
export function gracePlaced(r: ReservationRef, at: Instant, step: number, amount: Units, cardSeconds: bigint): Journal {
  const { reservationId, organisationId: org, poolId } = r;
  return {
    key: `place:${reservationId}:${step}`,
    kind: 'gracePlaced',
    organisationId: org,
    effectiveAt: at,
    source: { reservation: reservationId, step },
    legs: [
      ...move(chart.arrears(org), chart.hold(org, reservationId), amount),
      ...move(chart.capacityPool(poolId), chart.capacityReserved(poolId, org, reservationId), cardSeconds),
    ],
  };
}

/** The wallet pays what is owed. `postings` counts what moved the arrears before, and makes the key. */
export function arrearsPaid(org: Id<'organisation'>, postings: bigint, amount: Units, at: Instant): Journal {
  return {
    key: `arrears-paid:${org}:${postings}`,
    kind: 'arrearsPaid',
    organisationId: org,
    effectiveAt: at,
    source: { step: `${postings}` },
    legs: move(chart.wallet(org), chart.arrears(org), amount),
  };
}
