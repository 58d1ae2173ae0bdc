import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';

/** What a refusal means to a program: its HTTP status, and whether the same request may succeed later as it is. */
type Meaning = { readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 503; readonly isRetryable: boolean };

const bad: Meaning = { status: 400, isRetryable: false };
const unknown: Meaning = { status: 404, isRetryable: false };
const conflict: Meaning = { status: 409, isRetryable: false };
const unfit: Meaning = { status: 422, isRetryable: false };
const later: Meaning = { status: 409, isRetryable: true };

/**
 * What the API answers with something else than 422. A refusal is well understood and not possible as asked: 422 unless
 * it stands here. 404 for what does not exist for the caller, which includes everything of others.
 */
const MEANINGS: Readonly<Partial<Record<RefusalCode, Meaning>>> = {
  inputInvalid: bad,
  signInRequired: { status: 401, isRetryable: false },
  forbidden: { status: 403, isRetryable: false },
  crossOrigin: { status: 403, isRetryable: false },
  quoteUnknown: unknown,
  reservationUnknown: unknown,
  skuUnknown: unknown,
  imageUnknown: unknown,
  workloadUnknown: unknown,
  jobUnknown: unknown,
  projectUnknown: unknown,
  paymentUnknown: unknown,
  quoteExpired: conflict,
  quoteChanged: conflict,
  priceRetired: conflict,
  reservationNotInState: conflict,
  workloadNotInState: conflict,
  jobNotInState: conflict,
  projectNameTaken: conflict,
  projectClosed: conflict,
  queueFull: later,
  extensionBlocked: conflict,
  priceAboveCap: conflict,
  reservationOffered: conflict,
  reservationOfJob: conflict,
  refundNotATerm: conflict,
  refundTooLate: conflict,
  refundUsedBefore: conflict,
  refundPartReturned: conflict,
  transferUnknown: unknown,
  invoiceLineUnknown: unknown,
  chargeUnknown: unknown,
  journalUnknown: unknown,
  organisationUnknown: unknown,
  poolUnknown: unknown,
  capacityExhausted: later,
  placementImpossible: later,
  fundsInsufficient: later,
  accountLineExceeded: later,
  accountOverdue: later,
  decisionPending: { status: 503, isRetryable: true },
  decisionFailed: { status: 503, isRetryable: true },
};

/** The meaning of any refusal that the API can give. */
export function meaningOf(code: RefusalCode): Meaning {
  return MEANINGS[code] ?? unfit;
}
