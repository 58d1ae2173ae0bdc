import { type Instant, toIso } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { charged, move, type ReservationRef } from './templates.ts';
import type { Journal } from './types.ts';

/** A clock hour of one allocation that nobody charged in its turn. `effectiveAt` lies in the month in which it counts. */
export type GapHour = { readonly allocationId: string; readonly hourAt: Instant; readonly effectiveAt: Instant };

/**
 * An hour that was left out is charged after all. While its reservation is not settled, what was set aside pays it, as in
 * its turn. Afterwards the rest has gone back: the wallet pays, and the seconds come out of the pool's.
 */
export function gapCharged(
  r: ReservationRef,
  gap: GapHour,
  amount: Units,
  seconds: { readonly used: bigint; readonly unused: bigint; readonly down: bigint },
  isSettled: boolean,
): Journal {
  const { organisationId: org, poolId, skuId } = r;
  const pool = chart.capacityPool(poolId);
  const journal = charged(r, { ...gap, revision: 0 }, amount, seconds);
  return {
    ...journal,
    ...(isSettled && {
      kind: 'usageCorrected',
      legs: [
        ...move(chart.wallet(org), chart.revenueAccrued(skuId), amount),
        ...move(pool, chart.capacityUsed(poolId, org, skuId), seconds.used),
        ...move(pool, chart.capacityIdle(poolId, org, skuId), seconds.unused),
        ...move(pool, chart.capacityDown(poolId, org, skuId), seconds.down),
      ],
    }),
    key: `gap:${gap.allocationId}:${toIso(gap.hourAt).slice(0, 13)}`,
    source: { reservation: r.reservationId, hour: toIso(gap.hourAt), allocation: gap.allocationId },
  };
}
