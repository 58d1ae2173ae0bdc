import { z } from 'zod';
import { PURCHASES, type Purchase } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';

/** What a voucher may pay for. An empty list permits all: every site, every card model, both ways to buy. */
export type VoucherScope = {
  readonly siteIds: readonly string[];
  readonly modelIds: readonly string[];
  readonly purchases: readonly Purchase[];
};

/** What is paid for, as far as a scope looks at it. */
export type Paid = { readonly siteId: string; readonly modelId: string; readonly purchase: Purchase };

/** A voucher as far as paying needs it. It may pay at every instant of `[validFrom, validUntil)`. */
export type Voucher = {
  readonly grantId: Id<'promoGrant'>;
  readonly organisationId: Id<'organisation'>;
  readonly scope: VoucherScope;
  /** The lower number is spent first. */
  readonly priority: number;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
  readonly grantedAt: Instant;
  readonly leftUnits: Units;
};

/** What one voucher pays of an amount. */
export type VoucherShare = { readonly grant: Id<'promoGrant'>; readonly amount: Units };

/** How an amount is paid: by vouchers in the order of burning, the rest in cash. */
export type Payment = { readonly shares: readonly VoucherShare[]; readonly cashUnits: Units };

/**
 * A part of what was set aside for a reservation, by who paid it, in the order of paying. Placed = charged + returned +
 * what is left; of that, `creditedUnits` are given back already for hours that are yet to be charged as unused.
 */
export type Tranche = {
  readonly position: number;
  /** Null: cash. */
  readonly grant: Id<'promoGrant'> | null;
  readonly placedUnits: Units;
  readonly chargedUnits: Units;
  readonly returnedUnits: Units;
  readonly creditedUnits: Units;
};

/** An amount of one tranche that is charged, returned or credited. */
export type TrancheMove = {
  readonly position: number;
  readonly grant: Id<'promoGrant'> | null;
  readonly amount: Units;
};

/** Who stands behind a programme: the operator itself, or a public body that supports its companies. */
export const ISSUER_KINDS = ['operator', 'public-body'] as const;
export type IssuerKind = (typeof ISSUER_KINDS)[number];

/** What a programme says once for all; it never changes. Amounts in 1e-8 yuan. */
export type ProgrammeTerms = VoucherScope & {
  readonly name: string;
  readonly issuerKind: IssuerKind;
  readonly issuerName: string;
  readonly terms: string;
  /** What a voucher that a code brings is worth. */
  readonly faceUnits: Units;
  /** What may be granted in all, unused codes not counted. */
  readonly budgetUnits: Units;
  readonly priority: number;
  readonly validFrom: Instant;
  readonly validUntil: Instant;
};

/** Where the money of vouchers is. Granted = left + held + burnt + expired. */
export type VoucherSums = {
  readonly grantedUnits: Units;
  readonly leftUnits: Units;
  /** Set aside for reservations, not charged yet. */
  readonly heldUnits: Units;
  readonly burntUnits: Units;
  readonly expiredUnits: Units;
};

export type Programme = ProgrammeTerms &
  VoucherSums & {
    readonly id: Id<'voucherProgramme'>;
    readonly createdAt: Instant;
    readonly createdBy: string;
    /** Null while it grants; afterwards codes are dead, what was granted stays. */
    readonly closedAt: Instant | null;
    readonly grants: number;
    readonly codes: number;
    readonly codesRedeemed: number;
  };

/** Upcoming: not valid yet. Live: may pay. Spent: nothing left to pay with. Expired: too late, or withdrawn. */
export const VOUCHER_STATES = ['live', 'upcoming', 'spent', 'expired'] as const;
export type VoucherState = (typeof VOUCHER_STATES)[number];

/** A voucher as its holder and finance see it. */
export type Grant = Voucher &
  VoucherSums & {
    readonly programmeId: Id<'voucherProgramme'>;
    readonly programmeName: string;
    readonly organisationName: string;
    readonly issuerKind: IssuerKind;
    readonly issuerName: string;
    readonly terms: string;
    readonly withdrawnAt: Instant | null;
    readonly viaCode: boolean;
    readonly state: VoucherState;
  };

/** What vouchers paid of the use of one reservation in a month. */
export type Deduction = {
  readonly organisationId: Id<'organisation'>;
  readonly reservationId: Id<'reservation'>;
  readonly reservationName: string;
  readonly projectId: Id<'project'> | null;
  readonly skuId: Id<'sku'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly grantId: Id<'promoGrant'>;
  readonly programmeName: string;
  readonly issuerName: string;
  /** The first and the last clock hour that it paid for. */
  readonly firstHourAt: Instant;
  readonly lastHourAt: Instant;
  readonly amountUnits: Units;
};

export type VoucherRefusal =
  | { readonly code: 'voucherProgrammeUnknown' }
  | { readonly code: 'voucherProgrammeClosed' }
  | { readonly code: 'voucherProgrammeOver' }
  | { readonly code: 'voucherTermsOutOfRange' }
  | { readonly code: 'voucherBudgetExceeded'; readonly leftUnits: string }
  | { readonly code: 'voucherProgrammeSpent' }
  | { readonly code: 'voucherOrganisationUnknown' }
  | { readonly code: 'voucherAmountOutOfRange' }
  | { readonly code: 'voucherCodesOutOfRange'; readonly codesMax: number }
  | { readonly code: 'voucherCodeUnknown' }
  | { readonly code: 'voucherCodeUsed' }
  | { readonly code: 'voucherGrantUnknown' };

export const CODES_MAX = 1_000;
export const PRIORITY_MAX = 100;

/** The code that a person types: letters, digits, and whatever stands between them. */
export const redeemInput = z.object({ code: z.string().min(1).max(80) });

export const scopeInput = {
  siteIds: z.array(z.string().max(64)).max(50),
  modelIds: z.array(z.string().max(64)).max(50),
  purchases: z.array(z.enum(PURCHASES)).max(2),
};
