import type { Token } from './explanation.ts';
import type { ReservationRefusal } from './types.ts';

/**
 * The reason behind a refusal by its code; null where the plan has to say. Refusals of staff's acts on cards are no
 * refusals of a wish and have none.
 */
export const TOKEN_OF = {
  reservationUnknown: 'misconfigured',
  reservationNotInState: 'misconfigured',
  cardUnknown: null,
  cardsInWrongState: null,
  cardsHeld: null,
  cardsNotWorking: null,
  cardsNotHealthy: null,
  quoteExpired: 'quoteOutdated',
  priceRetired: 'quoteOutdated',
  imageIncompatible: 'misconfigured',
  quoteChanged: 'quoteOutdated',
  startInPast: 'misconfigured',
  durationOutOfRange: 'misconfigured',
  quotaExceeded: 'quotaExceeded',
  spendingLimitExceeded: 'spendingLimit',
  capacityExhausted: null,
  placementImpossible: null,
  extensionBlocked: null,
  fundsInsufficient: 'fundsInsufficient',
  decisionFailed: 'systemFault',
} as const satisfies Record<ReservationRefusal['code'], Token | null>;
