import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Fen, fenToUnits } from '#lib/core/money.ts';
import { chart } from './chart.ts';
import { move } from './templates.ts';
import type { Journal, JournalKind, Leg } from './types.ts';

/** Money on its way back to a customer. Promotional money never is: no pair leads from it here. */
export type Refund = {
  readonly id: Id<'refund'>;
  readonly organisationId: Id<'organisation'>;
  readonly amount: Fen;
};

function step(refund: Refund, key: string, kind: JournalKind, at: Instant, legs: Leg[]): Journal {
  return {
    key: `${key}:${refund.id}`,
    kind,
    organisationId: refund.organisationId,
    effectiveAt: at,
    source: { refund: refund.id },
    legs,
  };
}

const inFlight = (refund: Refund) => chart.refundInFlight(refund.organisationId, refund.id);

/** The money leaves the wallet at once, so that it cannot be spent while it is on its way. */
export function refundAsked(refund: Refund, at: Instant): Journal {
  const legs = move(chart.wallet(refund.organisationId), inFlight(refund), fenToUnits(refund.amount));
  return step(refund, 'refund', 'refundAsked', at, legs);
}

/** It arrived: out of the provider's clearing, or out of the bank when there is no provider. */
export function refundPaid(refund: Refund, provider: string | null, at: Instant): Journal {
  const from = provider === null ? chart.bank() : chart.pspClearing(provider);
  return step(refund, 'refund-paid', 'refundPaid', at, move(inFlight(refund), from, fenToUnits(refund.amount)));
}

/** It did not: the customer has it back in the wallet. */
export function refundFailed(refund: Refund, at: Instant): Journal {
  const legs = move(inFlight(refund), chart.wallet(refund.organisationId), fenToUnits(refund.amount));
  return step(refund, 'refund-failed', 'refundFailed', at, legs);
}
