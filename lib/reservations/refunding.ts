import { present } from '#lib/core/assert.ts';
import { floorToSecond, type Instant } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { eventOf } from './admission.ts';
import type { PoolMind } from './book.ts';
import { closeBindings, ownReservation } from './changes.ts';
import type { Command } from './command-types.ts';
import type { Decision } from './decision-types.ts';
import { refundRefusal } from './refund-terms.ts';
import type { Booked } from './types.ts';

/** Everything that was paid for a term of which nothing was given back while it ran. */
export function paidFor({ term, cards }: Pick<Booked, 'term' | 'cards'>): Units {
  return units(present(term, 'a term').priceUnits * BigInt(cards));
}

/**
 * Ends a running term on the second of the decision, and everything that was paid for it goes back when it is settled:
 * what is left of it, and what was charged for its hours. Checked in this order: the reservation, its state, its term, the
 * days since its purchase, whether the organisation used this once for the SKU, and whether cards were given back of it.
 */
export function decideRefund(mind: PoolMind, command: Command, reservationId: string, now: Instant): Decision {
  const found = ownReservation(mind, command, reservationId, 'refund');
  if (!found.ok) return { answer: found, changes: [] };
  const reservation = found.value;
  const facts = mind.book.refunds.get(reservation.id);
  // Bought before there was a rule.
  if (!facts) return { answer: refuse({ code: 'refundNotATerm' }), changes: [] };
  const refusal = refundRefusal(reservation, facts, now);
  if (refusal) return { answer: refuse(refusal), changes: [] };
  const at = floorToSecond(now);
  return {
    answer: accept({ reservationId: reservation.id }),
    changes: [
      ...closeBindings(mind, reservation, at),
      { kind: 'reservationEnded', id: reservation.id, state: 'ended', at, reason: 'refunded' },
      { kind: 'termRefunded', reservation, policyId: facts.policyId, at: now },
      eventOf(reservation, now, 'refunded', { amountUnits: `${paidFor(reservation)}` }),
    ],
  };
}
