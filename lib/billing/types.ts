import type { Purchase, Term } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Fen, PriceE10, Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import type { JournalView } from '#lib/ledger/types.ts';
import type { MonthCredits } from '#lib/sla/types.ts';

/** Open: the month runs. Collecting: it is over, late usage may still come. Closing: a close has begun. Closed: final. */
export type PeriodState = 'open' | 'collecting' | 'closing' | 'closed';

/** A usage charge with the names that explain it: one row of every export. */
export type UsageRecord = {
  readonly month: Month;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly reservationId: Id<'reservation'>;
  readonly reservationName: string;
  /** The project that it was booked for; null: none. Its name may change after the month is closed, so files have none. */
  readonly projectId: Id<'project'> | null;
  readonly skuId: Id<'sku'>;
  readonly model: string;
  readonly purchase: Purchase;
  readonly allocationId: Id<'allocation'>;
  readonly cardId: Id<'card'>;
  readonly hourAt: Instant;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly usedSeconds: number;
  readonly unusedSeconds: number;
  readonly downSeconds: number;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly priceE10PerCardHour: PriceE10;
  readonly bandBps: number;
  readonly chargedToDateUnits: Units;
  readonly amountUnits: Units;
  readonly revision: number;
  readonly chargedAt: Instant;
  readonly journalKey: string;
  /** By the card: the prepaid term, and what one card's whole length of it costs. */
  readonly term: { readonly name: Term; readonly seconds: number; readonly priceUnits: Units } | null;
  /** The list, where the price was agreed with the customer: its version and price, and one card's whole term by it. */
  readonly list?: {
    readonly versionId: string;
    readonly priceE10PerCardHour: PriceE10;
    readonly termUnits: Units | null;
  };
};

/** What a document says of a SKU: what is sold, where, and at which rate it is taxed. */
export type SkuFacts = {
  readonly skuId: Id<'sku'>;
  readonly model: string;
  readonly purchase: Purchase;
  readonly taxRateBps: number;
  readonly siteId: string;
  readonly siteName: { readonly zh: string; readonly en: string };
  readonly regionId: string;
  readonly regionName: string;
};

/** What was credited for hours of a running term that were given back. */
export type ReturnCredit = {
  readonly journalKey: string;
  readonly organisationId: Id<'organisation'>;
  readonly reservationId: Id<'reservation'>;
  readonly reservationName: string;
  readonly projectId: Id<'project'> | null;
  readonly skuId: Id<'sku'>;
  readonly at: Instant;
  readonly amountUnits: Units;
};

/** Card-seconds by what became of them, and what they cost, tax included. Down seconds cost nothing. */
export type UsageTotals = {
  readonly usedSeconds: bigint;
  readonly unusedSeconds: bigint;
  readonly downSeconds: bigint;
  readonly amountUnits: Units;
};

/** What usage is usage of: a reservation and what it bought. */
export type UsageSubject = {
  readonly reservationId: Id<'reservation'>;
  readonly reservationName: string;
  readonly cards: number;
  readonly skuId: Id<'sku'>;
  readonly model: string;
  readonly siteName: { readonly zh: string; readonly en: string };
  readonly purchase: Purchase;
  readonly priceE10PerCardHour: PriceE10;
};

export type ReservationUsage = UsageSubject & UsageTotals;

/** A page of a month's usage with the totals of the whole month. */
export type MonthUsage = {
  readonly rows: readonly ReservationUsage[];
  readonly total: number;
  readonly totals: UsageTotals;
};

/** A clock hour of a reservation: all its cards together. */
export type HourCharges = UsageTotals & {
  readonly hourAt: Instant;
  readonly cards: number;
  readonly bandBps: number;
};

/** One card in one clock hour: what was proven, and how its amount came about. */
export type CardCharge = {
  readonly allocationId: Id<'allocation'>;
  readonly cardId: Id<'card'>;
  /** Where the card is: the codes from pod to server, and its slot there. */
  readonly place: string;
  readonly slot: number;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly usedSeconds: number;
  readonly unusedSeconds: number;
  readonly downSeconds: number;
  readonly bandBps: number;
  readonly revision: number;
  /** R(to date): the amount is its difference to what was charged before. */
  readonly chargedToDateUnits: Units;
  readonly amountUnits: Units;
};

/** What an organisation used of one SKU at one price in a month. */
export type UsageSum = {
  readonly skuId: Id<'sku'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly purchase: Purchase;
  readonly taxRateBps: number;
  readonly usedSeconds: bigint;
  readonly unusedSeconds: bigint;
  readonly grossUnits: Units;
  /** What vouchers paid of it. */
  readonly voucherUnits: Units;
};

export type InvoiceLine = UsageSum & {
  readonly line: number;
  readonly grossFen: Fen;
  readonly netFen: Fen;
  readonly taxFen: Fen;
};

/**
 * An invoice's amounts. `grossUnits − voucherUnits = grossFen × 1,000,000 + residueUnits`: vouchers pay before the invoice
 * asks, and the residue (抹零) returns to the customer. Net and tax are those of what it asks for.
 */
export type InvoiceTotals = {
  readonly grossUnits: Units;
  readonly voucherUnits: Units;
  readonly residueUnits: Units;
  readonly grossFen: Fen;
  readonly netFen: Fen;
  readonly taxFen: Fen;
};

/** Everything a document shows, as of issue. Documents are rendered from this and nothing else. */
export type InvoiceSnapshot = {
  readonly version: 1;
  readonly number: string;
  readonly month: string;
  readonly issuedAt: string;
  readonly periodStartAt: string;
  readonly periodEndAt: string;
  readonly seller: {
    readonly nameZh: string;
    readonly nameEn: string;
    readonly taxId: string;
    readonly address: string;
  };
  readonly buyer: { readonly organisationId: string; readonly name: string };
  readonly lines: readonly {
    readonly line: number;
    readonly model: string;
    readonly siteZh: string;
    readonly siteEn: string;
    readonly purchase: Purchase;
    readonly priceE10PerCardHour: string;
    /** The list price, and what the line would come to by it; absent where it is what is charged. */
    readonly listPriceE10PerCardHour?: string;
    readonly listUnits?: string;
    readonly usedSeconds: string;
    readonly unusedSeconds: string;
    readonly taxRateBps: number;
    readonly grossUnits: string;
    /** Absent where vouchers paid nothing. */
    readonly voucherUnits?: string;
    readonly grossFen: string;
    readonly netFen: string;
    readonly taxFen: string;
  }[];
  /** The vouchers that paid, in the order of their ids; absent without any. */
  readonly vouchers?: readonly {
    readonly id: string;
    readonly name: string;
    readonly issuer: string;
    readonly units: string;
  }[];
  /**
   * What of it is owed on account and the last day to pay it, in Beijing; absent where nothing is. `settledUnits` is what of
   * the month's use on account was paid or credited before the issue, the oldest first; earlier invoices do not name it.
   */
  readonly account?: { readonly owedUnits: string; readonly dueOn: string; readonly settledUnits?: string };
  readonly totals: {
    readonly grossUnits: string;
    readonly voucherUnits?: string;
    readonly residueUnits: string;
    readonly grossFen: string;
    readonly netFen: string;
    readonly taxFen: string;
  };
};

export type InvoiceView = InvoiceTotals & {
  readonly id: Id<'invoice'>;
  readonly number: string;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly month: Month;
  readonly issuedAt: Instant;
  readonly snapshotHash: string;
};

/** An invoice with all that stands behind it. */
export type InvoiceDetail = {
  readonly invoice: InvoiceView;
  readonly lines: readonly InvoiceLine[];
  readonly snapshot: InvoiceSnapshot;
  readonly previousHash: string;
  /** True when the snapshot still has the hash that was chained at issue. */
  readonly isIntact: boolean;
  /** The journals of its issue, oldest first, with the legs that the viewer may see. */
  readonly journals: readonly JournalView[];
};

export type PeriodView = {
  readonly month: Month;
  readonly state: PeriodState;
  /** Before this time it is not closed: late usage may still come. */
  readonly cutoffAt: Instant;
  /** When its close began; what was stored later is of a later month. Null before. */
  readonly begunAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly closedBy: string | null;
  /** Usage of the month so far. */
  readonly usedSeconds: bigint;
  readonly grossUnits: Units;
  readonly organisations: number;
  readonly invoices: number;
  readonly invoicedFen: Fen;
  readonly taxFen: Fen;
  /** The same as `grossUnits`, as the ledger's accrued revenue has it. */
  readonly ledgerUnits: Units;
  /** What its invoices come to with their residues, and what the ledger took out of accrued revenue for them. */
  readonly invoicedUnits: Units;
  readonly clearedUnits: Units;
  readonly residueUnits: Units;
  /** Everything that is checked before it closes, in order. */
  readonly checks: readonly CloseCheck[];
  /** The one thing that keeps the month open; null when it can be closed now. */
  readonly obstacle: CloseRefusal | null;
};

/** What one organisation used in a month, and its invoice once there is one. */
export type PeriodOrganisation = {
  readonly organisationId: Id<'organisation'>;
  readonly name: string;
  readonly usedSeconds: bigint;
  readonly unusedSeconds: bigint;
  readonly grossUnits: Units;
  readonly invoice: { readonly id: Id<'invoice'>; readonly number: string; readonly grossFen: Fen } | null;
};

/** Why a month cannot be closed, in the order in which it is checked. */
export type CloseRefusal =
  | { readonly code: 'monthUnknown' }
  | { readonly code: 'monthClosed' }
  | { readonly code: 'monthNotOver'; readonly endsAt: number }
  | { readonly code: 'monthCollecting'; readonly cutoffAt: number }
  /** Months close in their order: an earlier one is not closed. */
  | { readonly code: 'earlierMonthOpen'; readonly month: Month }
  | { readonly code: 'usageIncomplete'; readonly allocations: number; readonly example: string }
  /** Allocations have time in the month that no charge covers. */
  | {
      readonly code: 'usageMissing';
      readonly allocations: number;
      readonly cardSeconds: string;
      readonly example: string;
    }
  /** Allocations are charged for more time than they had in the month. */
  | {
      readonly code: 'usageTwice';
      readonly allocations: number;
      readonly cardSeconds: string;
      readonly example: string;
    }
  /** Reservations that were over before the month's end still hold money. */
  | {
      readonly code: 'holdsOpen';
      readonly reservations: number;
      readonly leftUnits: string;
      readonly example: string;
    }
  /** Corrections came to more than the usage of an invoice's line. */
  | { readonly code: 'lineNegative'; readonly lines: number; readonly example: string }
  | { readonly code: 'booksDiffer'; readonly chargesUnits: string; readonly ledgerUnits: string }
  /** Credits for broken availability are not given, or not since something was put right. */
  | { readonly code: 'creditsMissing' };

/** What is checked before a month closes. */
export type CloseCheckName =
  | 'over'
  | 'collected'
  | 'inOrder'
  | 'hours'
  | 'gaps'
  | 'doubles'
  | 'holds'
  | 'lines'
  | 'agreed'
  | 'credits'
  | 'suspense';

/** Holds: nothing to do. Blocks: the one thing to work on. Notice: to be looked at. Waits: decided after what blocks. */
export type CheckStatus = 'holds' | 'blocks' | 'notice' | 'waits';

export type FigureName =
  | 'endsAt'
  | 'cutoffAt'
  | 'charges'
  | 'unmetered'
  | 'missing'
  | 'missingSeconds'
  | 'twice'
  | 'twiceSeconds'
  | 'openHolds'
  | 'openHoldsLeft'
  | 'negativeLines'
  | 'carriedLines'
  | 'carriedUnits'
  | 'chargesTotal'
  | 'ledgerTotal'
  | 'creditsGiven'
  | 'creditsTotal'
  | 'suspense';

/** A figure behind a check: a time, a count, or money in 1e-8 yuan. */
export type CheckFigure = { readonly name: FigureName } & (
  | { readonly kind: 'at'; readonly value: Instant }
  | { readonly kind: 'count' | 'units'; readonly value: bigint }
);

export type CloseCheck = {
  readonly name: CloseCheckName;
  readonly status: CheckStatus;
  readonly figures: readonly CheckFigure[];
  /** Why it blocks; null unless it does. */
  readonly refusal: CloseRefusal | null;
};

/** Things that are not as they should be: how many, and one of them by its id. */
type Broken = { readonly count: number; readonly example: string | null };

/** What the checks of a month's close look at. */
export type MonthFigures = {
  readonly charges: bigint;
  readonly usedSeconds: bigint;
  readonly organisations: number;
  readonly chargesUnits: Units;
  readonly ledgerUnits: Units;
  /** What invoices and residues took out of accrued revenue. */
  readonly clearedUnits: Units;
  /** Allocations that the hourly run has not reached the month's end with. */
  readonly unmetered: Broken;
  /** Allocations with time that is not charged, and how much. */
  readonly missing: Broken & { readonly seconds: bigint };
  /** Allocations that are charged for more time than they had. */
  readonly twice: Broken & { readonly seconds: bigint };
  /** Reservations that are over and still hold money. */
  readonly openHolds: Broken & { readonly leftUnits: Units };
  /** Credits for broken availability: whether all of the month are given, how many, and what they come to. */
  readonly credits: MonthCredits;
  /** Lines of invoices that would be below zero, by an organisation. */
  readonly negativeLines: Broken;
  /** Lines that corrections bring below zero, and how far: the newest of them are carried to the next month at the close. */
  readonly carriedLines: { readonly count: number; readonly units: Units };
  readonly suspenseUnits: Units;
};
