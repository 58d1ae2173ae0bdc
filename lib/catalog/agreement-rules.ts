import { floorToSecond, type Instant, plusSeconds, SECOND_MS } from '#lib/core/instant.ts';
import type { AgreementRefusal, AgreementStanding, AgreementTerms, PriceAgreement } from './agreement-types.ts';
import type { Sku } from './types.ts';

/** The first whole second that is not past: from when on something that is decided now may count. */
export function secondAtOrAfter(at: Instant): Instant {
  const second = floorToSecond(at);
  return second === at ? at : plusSeconds(second, 1);
}

function isPriceInRange({ pricing, skuId }: AgreementTerms, skus: readonly Pick<Sku, 'id' | 'price'>[]): boolean {
  if (pricing.kind === 'factor') {
    const { factorBps } = pricing;
    return Number.isSafeInteger(factorBps) && factorBps >= 1 && factorBps <= 9_999;
  }
  const list = skus.find(({ id }) => id === skuId)?.price?.priceE10PerCardHour;
  return list !== undefined && pricing.priceE10PerCardHour > 0n && pricing.priceE10PerCardHour < list;
}

/** Checks what somebody proposes, in the order of {@link AgreementRefusal}; null when it may wait for its approval. */
export function checkTerms(
  terms: AgreementTerms,
  skus: readonly Pick<Sku, 'id' | 'price'>[],
  now: Instant,
): AgreementRefusal | null {
  const { skuId, validFrom, validTo, contractNumber, reason } = terms;
  if (skuId !== null && !skus.some(({ id }) => id === skuId)) return { code: 'agreementSkuUnknown' };
  if (!isPriceInRange(terms, skus)) return { code: 'agreementPriceOutOfRange' };
  const isWhole = [validFrom, validTo].every((at) => at === null || at % SECOND_MS === 0);
  if (!isWhole || (validTo !== null && validTo <= (validFrom ?? now))) return { code: 'agreementPeriodInvalid' };
  if (validFrom !== null && validFrom < now) return { code: 'agreementRetroactive' };
  return contractNumber.trim() === '' || reason.trim() === '' ? { code: 'agreementTextMissing' } : null;
}

/** How an agreement stands at `now`. One whose end came before its beginning never held. */
export function standingOf(
  { state, validFrom, validTo }: Pick<PriceAgreement, 'state' | 'validFrom' | 'validTo'>,
  now: Instant,
): AgreementStanding {
  if (state !== 'approved') return state;
  if (validTo !== null && (validTo <= now || validTo === validFrom)) return 'over';
  return validFrom !== null && now < validFrom ? 'ahead' : 'inForce';
}
