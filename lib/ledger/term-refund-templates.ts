import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { move, type ReservationRef } from './templates.ts';
import type { Journal } from './types.ts';

/** What the hours of a term were charged before it was refunded whole is credited: once for a reservation. */
export function termRefunded(r: ReservationRef, at: Instant, amount: Units): Journal {
  return {
    key: `refund-term:${r.reservationId}`,
    kind: 'hoursReturned',
    organisationId: r.organisationId,
    effectiveAt: at,
    source: { reservation: r.reservationId, refund: 'whole' },
    legs: move(chart.contraReturned(r.skuId), chart.wallet(r.organisationId), amount),
  };
}
