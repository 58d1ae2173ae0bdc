import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';

/**
 * One line of the published table: with less than `belowPpm` millionths of the promised card-seconds, `creditBps` basis
 * points of what was charged and paid in cash.
 */
export type Tier = { readonly belowPpm: number; readonly creditBps: number };

export const POLICY_STATES = ['proposed', 'approved', 'declined', 'replaced'] as const;

/** A version of the published table: the operator's (no SKU), or one SKU's own. In force from a month on, until a later one is. */
export type SlaPolicy = {
  readonly id: Id<'slaPolicy'>;
  readonly skuId: Id<'sku'> | null;
  readonly validFrom: Month;
  readonly tiers: readonly Tier[];
  readonly reason: string;
  readonly state: (typeof POLICY_STATES)[number];
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
};

/** What a reservation was promised in a month and what it got, in card-seconds, and what it was charged for that, in 1e-8 yuan. */
export type Figures = {
  /** Every second of every card from its first to its last, as far as hours are charged. */
  readonly promisedSeconds: bigint;
  /** Of announced maintenance, without proof: neither promised nor broken. */
  readonly excludedSeconds: bigint;
  /** Proven healthy and held. */
  readonly usedSeconds: bigint;
  /** A card was bound and not proven; those excluded among them. */
  readonly downSeconds: bigint;
  readonly chargedUnits: Units;
  /** What vouchers paid of it. */
  readonly voucherUnits: Units;
};

/** A reservation's month by its figures. */
export type MonthFigures = Figures & {
  readonly reservationId: Id<'reservation'>;
  readonly organisationId: Id<'organisation'>;
  readonly skuId: Id<'sku'>;
};

/** What a month's figures come to by a table. */
export type Due = { readonly tier: Tier; readonly dueUnits: Units };

/** A credit as it was given, with the figures that it follows from. `amountUnits` is what was missing of `dueUnits`. */
export type SlaCredit = MonthFigures & {
  readonly id: Id<'compensation'>;
  readonly month: Month;
  readonly revision: number;
  readonly policyId: Id<'slaPolicy'>;
  readonly tier: Tier;
  readonly dueUnits: Units;
  readonly amountUnits: Units;
  /** What of it lessened what was owed on account; the rest went into the wallet. */
  readonly owedUnits: Units;
  readonly journalKey: string;
  readonly effectiveAt: Instant;
  readonly givenAt: Instant;
};

/** A credit with what earlier ones had given of the same month. */
export type FoundCredit = SlaCredit & { readonly givenBeforeUnits: Units };

/** A credit as the files of the month in which it counts have it. */
export type CountedCredit = {
  readonly journalKey: string;
  readonly organisationId: Id<'organisation'>;
  readonly reservationId: Id<'reservation'>;
  readonly reservationName: string;
  readonly projectId: Id<'project'> | null;
  readonly skuId: Id<'sku'>;
  /** The month whose promise was broken: earlier than that in which it counts when that one was closed by then. */
  readonly month: Month;
  readonly at: Instant;
  readonly amountUnits: Units;
  /** What of it lessened what was owed on account. */
  readonly owedUnits: Units;
};

/** Whether every credit of a month is given, with everything that was put right by now, and what they come to. */
export type MonthCredits = { readonly isGiven: boolean; readonly count: number; readonly amountUnits: Units };

export type SlaRefusal =
  | { readonly code: 'slaTiersWrong' }
  | { readonly code: 'slaMonthBegun' }
  | { readonly code: 'slaSkuUnknown' }
  | { readonly code: 'slaWaiting' }
  | { readonly code: 'slaUnknown' }
  | { readonly code: 'slaDecided' }
  | { readonly code: 'slaSamePerson' };

/** Lines that a table has at most. */
export const TIERS_MAX = 6;

/** What staff type to propose a table: one line a tier, `99.9 10` for 10 % below 99.9 %. */
export const slaPolicyInput = z.object({
  skuId: z.string().max(64),
  validFrom: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  tiers: z.string().trim().min(3).max(200),
  reason: z.string().trim().min(3).max(200),
});
