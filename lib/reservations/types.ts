import type { Image, PriceVersion, Purchase, Sku, Term, TopologyWish } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Interval } from '#lib/core/interval.ts';
import type { Units } from '#lib/core/money.ts';
import type { Gang } from '#lib/core/topology.ts';
import type { AutoExtend } from './change-types.ts';

export type ReservationState = 'confirmed' | 'active' | 'ended' | 'cancelled';

/** What may be done in which state: read by the deciding code and by the buttons of the pages. */
export const RESERVATION_CAN = {
  cancel: ['confirmed'],
  release: ['active'],
  refund: ['active'],
  extend: ['confirmed', 'active'],
  setAutoExtend: ['confirmed', 'active'],
  shrink: ['confirmed', 'active'],
  transfer: ['confirmed'],
  submitWorkload: ['confirmed', 'active'],
} as const satisfies Record<string, readonly ReservationState[]>;

/** Cards are bound this long before the start; until then a promise may be planned anew. */
export const BIND_LEAD_SECONDS = 1_800;
/** Money for the next hour of an open end is set aside this long before the held time runs out. */
export const RENEW_LEAD_SECONDS = 300;
/** An open end is held hour by hour. */
export const HOLD_STEP_SECONDS = 3_600;

/** A card that could not be replaced is tried again this often. */
export const REPLACE_RETRY_SECONDS = 60;

/** A card of a reservation that failed and is not replaced yet. */
export type LostCard = {
  readonly card: number;
  /** The last moment of proof. */
  readonly since: Instant;
  /** True once the reservation has given the card back. */
  readonly isUnbound: boolean;
  /** When a replacement is tried (again). */
  readonly retryAt: Instant;
  /** Cards free elsewhere when no replacement was within reach; absent before the first try. */
  readonly freeElsewhere?: number;
};

/** A live reservation as the deciding mind holds it. Ended and cancelled ones are rows only. */
export type Booked = {
  readonly id: Id<'reservation'>;
  readonly organisationId: Id<'organisation'>;
  /** The project of the organisation whose quota and limit count for it too. */
  readonly projectId: Id<'project'> | null;
  readonly skuId: Id<'sku'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly imageId: Id<'image'> | null;
  readonly name: string;
  readonly purchase: Purchase;
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly gang?: Gang | undefined;
  readonly interval: Interval;
  /** By the hour with an open end: money is held up to here. */
  readonly heldUntil: Instant | null;
  /** An open end in its grace: paid up to here, held to `heldUntil` on credit. */
  readonly graceFrom?: Instant | undefined;
  /** By the card: the term, its seconds with all extensions, and the price of one card for all of it. */
  readonly term: { readonly kind: Term; readonly seconds: number; readonly priceUnits: Units } | null;
  /** What it needs is set aside against the credit line; absent: out of vouchers and the wallet. */
  readonly payBy?: 'account' | undefined;
  readonly state: 'confirmed' | 'active';
  readonly isBound: boolean;
  readonly lost: readonly LostCard[];
  /** How often money was set aside for it. */
  readonly placements: number;
  /** Up to here, notices of its end are given or would come too late. */
  readonly noticedAt: Instant;
  readonly autoExtend: AutoExtend | null;
  /** The organisation that it is offered to. */
  readonly offeredTo: Id<'organisation'> | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
};

export type OrganisationLimits = {
  readonly cardQuota: number;
  readonly monthlySpendingLimitUnits: Units | null;
  /** How long an open end goes on, on credit, when the wallet cannot pay its next hour; none without. */
  readonly graceSeconds?: number | undefined;
};

/** What the catalog says, as of the engine's last reading. */
export type CatalogView = {
  readonly skus: ReadonlyMap<string, Sku>;
  readonly prices: ReadonlyMap<string, PriceVersion>;
  readonly images: ReadonlyMap<string, Image>;
};
