import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { PriceE10, Units } from '#lib/core/money.ts';
import { type Gang, PREFERRED_LEVELS, TOPOLOGIES, type Topology } from '#lib/core/topology.ts';

export const PURCHASES = ['by-hour', 'by-card'] as const;
/** By the hour: charged by use. By the card: a term paid in advance. */
export type Purchase = (typeof PURCHASES)[number];

export type TopologyWish = Topology;

export const TERMS = ['day', 'week', 'month'] as const;
export type Term = (typeof TERMS)[number];

/** Cards per booking, and how far ahead one may book. */
export const CARDS_MAX = 10_000;
export const HORIZON_DAYS = 90;
export const QUOTE_VALID_SECONDS = 600;

export type CardModel = {
  readonly id: string;
  readonly vendor: string;
  readonly name: string;
  readonly arch: string;
  readonly memoryMib: number;
  readonly icnGbPerSec: number;
  readonly powerWatts: number;
};

/** Shanghai hours of the day `[fromHour, toHour)` at `factorBps` of the price. */
export type PriceBand = { readonly fromHour: number; readonly toHour: number; readonly factorBps: number };
export type PriceTerm = { readonly term: Term; readonly termSeconds: number; readonly factorBps: number };

/** How a price came out of an agreement with one organisation, and which version of the list it stands for. */
export type AgreedTerms = {
  readonly agreementId: Id<'priceAgreement'>;
  readonly contractNumber: string;
  /** The part of the list price; null where a price was agreed. */
  readonly factorBps: number | null;
  /** The price that was agreed before the factor of the tier; null where it is a part. */
  readonly fixedPriceE10: PriceE10 | null;
  readonly listVersionId: Id<'priceVersion'>;
  readonly listPriceE10PerCardHour: PriceE10;
  /** The list of the standard tier, and the tier's factor of it; 10,000 for the standard tier itself. */
  readonly standardPriceE10: PriceE10;
  readonly tierFactorBps: number;
};

/** An immutable, dated price of a SKU. Bands hold for use by the hour, terms for sale by the card. */
export type PriceVersion = {
  readonly id: Id<'priceVersion'>;
  readonly skuId: Id<'sku'>;
  readonly validFrom: Instant;
  readonly priceE10PerCardHour: PriceE10;
  /** By the card: what is credited of the unused rest of a running term whose cards are given back. */
  readonly returnShareBps: number;
  readonly bands: readonly PriceBand[];
  readonly terms: readonly PriceTerm[];
  /** Left out of the list: this price is one organisation's own. */
  readonly agreed?: AgreedTerms;
};

/** The sizes of a pool that a wish must fit. */
export type PoolShape = {
  readonly poolId: Id<'pool'>;
  readonly totalCards: number;
  readonly cardsPerServer: number;
  readonly cardsPerSupernode: number;
};

/** How urgent a queued job is: `flex` runs in gaps and may be asked to leave. */
export const QUEUE_TIERS = ['urgent', 'standard', 'flex'] as const;
export type QueueTier = (typeof QUEUE_TIERS)[number];

/** What a tier costs: a price version of its own, made from the standard one at `factorBps`. */
export type TierPrice = {
  readonly tier: Exclude<QueueTier, 'standard'>;
  readonly factorBps: number;
  readonly price: PriceVersion;
};

/** A price agreed with one organisation, and when a quote may have it: `[validFrom, validTo)`. */
export type AgreedPrice = {
  readonly tier: QueueTier;
  /** Agreed for this SKU, which goes before what was agreed for all. */
  readonly isOfSku: boolean;
  readonly validFrom: Instant;
  readonly validTo: Instant | null;
  readonly price: PriceVersion & { readonly agreed: AgreedTerms };
};

export type Sku = {
  readonly id: Id<'sku'>;
  readonly poolId: Id<'pool'>;
  readonly siteId: Id<'site'>;
  readonly siteName: { readonly zh: string; readonly en: string };
  readonly purchase: Purchase;
  readonly taxRateBps: number;
  readonly model: CardModel;
  readonly shape: PoolShape;
  /** The version in force now; null when the SKU is not on sale. */
  readonly price: PriceVersion | null;
  /** The other tiers of queued jobs that are sold now. */
  readonly tiers: readonly TierPrice[];
  /** Agreed prices that hold or will hold, by organisation: all that the reader may see. Left out: none. */
  readonly agreed?: ReadonlyMap<string, readonly AgreedPrice[]>;
};

export type Image = {
  readonly id: Id<'image'>;
  readonly name: string;
  readonly version: string;
  readonly sdk: string;
  readonly archs: readonly string[];
};

/** What a gang asks for besides its topology; left out: nothing. */
export const gangSchema = z.strictObject({
  segmentCards: z.number().nullable().default(null),
  preferred: z.enum(PREFERRED_LEVELS).nullable().default(null),
});

/** What a customer asks a price for. `startAt` null: as soon as it is decided. `durationSeconds` null: open end. */
export const wishSchema = z.object({
  skuId: z.string().max(64),
  cards: z.number(),
  topology: z.enum(TOPOLOGIES),
  gang: gangSchema.optional(),
  startAt: z.number().int().nullable(),
  durationSeconds: z.number().nullable(),
  term: z.enum(TERMS).nullable(),
  imageId: z.string().max(64).nullable(),
});
export type Wish = z.infer<typeof wishSchema>;

/** One line of a quote's formula, for one card: so many seconds at this factor of the price. */
export type QuoteLine = { readonly seconds: number; readonly factorBps: number; readonly amountUnits: Units };

export type Quote = {
  readonly id: Id<'quote'>;
  readonly organisationId: Id<'organisation'>;
  readonly sku: Sku;
  readonly price: PriceVersion;
  readonly imageId: Id<'image'> | null;
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly gang?: Gang | undefined;
  readonly startAt: Instant | null;
  readonly durationSeconds: number | null;
  readonly term: Term | null;
  readonly lines: readonly QuoteLine[];
  /** The most that will be set aside at booking. */
  readonly totalUnits: Units;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
};

/** Why a wish has no price, in the order in which it is checked. */
export type WishRefusal =
  | { readonly code: 'skuUnknown' }
  | { readonly code: 'cardsOutOfRange'; readonly cardsMax: number }
  | { readonly code: 'startInPast' }
  | { readonly code: 'startNotOnHour' }
  | { readonly code: 'startBeyondHorizon'; readonly horizonDays: number }
  | { readonly code: 'durationOutOfRange' }
  | { readonly code: 'termUnknown' }
  | { readonly code: 'endBeyondHorizon'; readonly horizonDays: number }
  | { readonly code: 'topologyTooSmall'; readonly cardsMax: number }
  | { readonly code: 'notWholeServers'; readonly cardsPerServer: number }
  | { readonly code: 'notWholeSupernodes'; readonly cardsPerSupernode: number }
  | { readonly code: 'segmentsImpossible'; readonly cardsMax: number }
  | { readonly code: 'imageUnknown' }
  | { readonly code: 'imageIncompatible' };
