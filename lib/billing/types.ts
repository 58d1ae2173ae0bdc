import type { Purchase } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Fen, Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';

/** Open: the month runs. Collecting: it is over, late usage may still come. Closing: a close has begun. Closed: final. */
export type PeriodState = 'open' | 'collecting' | 'closing' | 'closed';

/** What an organisation used of one SKU at one price in a month. */
export type UsageSum = {
  readonly skuId: Id<'sku'>;
  readonly priceVersionId: Id<'priceVersion'>;
  readonly purchase: Purchase;
  readonly taxRateBps: number;
  readonly usedSeconds: bigint;
  readonly unusedSeconds: bigint;
  readonly grossUnits: Units;
};

export type InvoiceLine = UsageSum & {
  readonly line: number;
  readonly grossFen: Fen;
  readonly netFen: Fen;
  readonly taxFen: Fen;
};

/** An invoice's amounts. `grossUnits = grossFen × 1,000,000 + residueUnits`; the residue (抹零) returns to the customer. */
export type InvoiceTotals = {
  readonly grossUnits: Units;
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
    readonly usedSeconds: string;
    readonly unusedSeconds: string;
    readonly taxRateBps: number;
    readonly grossUnits: string;
    readonly grossFen: string;
    readonly netFen: string;
    readonly taxFen: string;
  }[];
  readonly totals: {
    readonly grossUnits: string;
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

export type PeriodView = {
  readonly month: Month;
  readonly state: PeriodState;
  readonly cutoffAt: Instant;
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
  | { readonly code: 'usageIncomplete'; readonly allocations: number; readonly example: string }
  | { readonly code: 'booksDiffer'; readonly chargesUnits: string; readonly ledgerUnits: string };
