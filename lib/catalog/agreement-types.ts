import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { PriceE10 } from '#lib/core/money.ts';

export const AGREEMENT_STATES = ['proposed', 'approved', 'declined'] as const;

/** What is agreed: a part of the list price in basis points, or a price per card-hour of one SKU. */
export type AgreedPricing =
  | { readonly kind: 'factor'; readonly factorBps: number }
  | { readonly kind: 'fixed'; readonly priceE10PerCardHour: PriceE10 };

export type AgreementTerms = {
  readonly organisationId: Id<'organisation'>;
  /** Null: of every SKU. */
  readonly skuId: Id<'sku'> | null;
  readonly pricing: AgreedPricing;
  /** Quotes of `[validFrom, validTo)` have it. Null: from the approval on. */
  readonly validFrom: Instant | null;
  /** Null: until it is ended or replaced. */
  readonly validTo: Instant | null;
  readonly contractNumber: string;
  readonly reason: string;
};

/** A price agreement: proposed by one, approved by another, then ended or replaced; nothing else of it ever changes. */
export type PriceAgreement = AgreementTerms & {
  readonly id: Id<'priceAgreement'>;
  readonly state: (typeof AGREEMENT_STATES)[number];
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
  readonly endedBy: string | null;
  readonly endedAt: Instant | null;
};

/** How an agreement stands at a moment, for those who look at it. */
export const AGREEMENT_STANDINGS = ['proposed', 'declined', 'ahead', 'inForce', 'over'] as const;
export type AgreementStanding = (typeof AGREEMENT_STANDINGS)[number];

/** Why an agreement is refused, in the order in which it is checked. */
export type AgreementRefusal =
  | { readonly code: 'agreementOrganisationUnknown' }
  | { readonly code: 'agreementSkuUnknown' }
  | { readonly code: 'agreementPriceOutOfRange' }
  | { readonly code: 'agreementPeriodInvalid' }
  | { readonly code: 'agreementTextMissing' }
  | { readonly code: 'agreementWaiting' }
  | { readonly code: 'agreementUnknown' }
  | { readonly code: 'agreementDecided' }
  | { readonly code: 'agreementSamePerson' }
  | { readonly code: 'agreementRetroactive' }
  | { readonly code: 'agreementNotInForce' };
