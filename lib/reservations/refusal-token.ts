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
  windowUnknown: null,
  windowOver: null,
  windowInPast: null,
  windowTooLong: null,
  noticeTooShort: null,
  windowOverlaps: null,
  drainPlanChanged: null,
  promisesStuck: null,
  quoteExpired: 'quoteOutdated',
  priceRetired: 'quoteOutdated',
  imageIncompatible: 'misconfigured',
  quoteChanged: 'quoteOutdated',
  startInPast: 'misconfigured',
  durationOutOfRange: 'misconfigured',
  cardsOutOfRange: 'misconfigured',
  notWholeServers: 'misconfigured',
  lastEndTooEarly: 'misconfigured',
  priceAboveCap: 'priceAboveCap',
  quotaExceeded: 'quotaExceeded',
  spendingLimitExceeded: 'spendingLimit',
  capacityExhausted: null,
  placementImpossible: null,
  extensionBlocked: null,
  fundsInsufficient: 'fundsInsufficient',
  decisionFailed: 'systemFault',
} as const satisfies Record<ReservationRefusal['code'], Token | null>;
