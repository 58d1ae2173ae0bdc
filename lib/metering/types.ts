import type { Purchase } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';

/** A gap between two proofs that is bridged: a lost heartbeat, a restarted engine. Longer gaps are not charged. */
export const BRIDGED_GAP_SECONDS = 90;

/** What one allocation did in one clock hour, in whole seconds. The three sum to `endAt − startAt`. */
export type HourUsage = {
  readonly allocationId: Id<'allocation'>;
  readonly reservationId: Id<'reservation'>;
  readonly organisationId: Id<'organisation'>;
  readonly cardId: Id<'card'>;
  readonly poolId: Id<'pool'>;
  readonly skuId: Id<'sku'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly purchase: Purchase;
  readonly hourAt: Instant;
  readonly startAt: Instant;
  readonly endAt: Instant;
  /** Proven healthy and held. */
  readonly usedSeconds: number;
  /** Bound, but without proof: not charged. */
  readonly downSeconds: number;
  /** A paid term after the customer left early: earned, and shown as unused. */
  readonly unusedSeconds: number;
  /** By the card: the term's seconds and the price of one card for all of it. */
  readonly term: { readonly seconds: number; readonly priceUnits: bigint } | null;
  /** What was charged for the allocation before this hour: the t and R(t) to go on from. */
  readonly before: { readonly weightedSeconds: bigint; readonly chargedUnits: bigint };
};
