import type { Purchase } from '#lib/catalog/types.ts';
import type { Units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import type { AccountKind } from '#lib/ledger/types.ts';

/** The parts of a month's report, in their order. */
export const REPORT_SECTIONS = ['revenue', 'deductions', 'vat', 'residue', 'expenses', 'deferred'] as const;
export type ReportSection = (typeof REPORT_SECTIONS)[number];

/** Kinds of account whose movement in the month is reported, and in which part. */
export const MOVED_KINDS = {
  revenueUsage: 'revenue',
  contraPromo: 'deductions',
  contraCreditNote: 'deductions',
  contraReturned: 'deductions',
  contraSla: 'deductions',
  vatPayable: 'vat',
  rounding: 'residue',
  compensation: 'expenses',
} as const satisfies Partial<Record<AccountKind, ReportSection>>;
export type MovedKind = keyof typeof MOVED_KINDS;

/** Kinds whose balance at the end of the month is reported: what is earned later, or is earned and not invoiced. */
export const STANDING_KINDS = [
  'revenueAccrued',
  'hold',
  'commitment',
  'promo',
] as const satisfies readonly AccountKind[];
export type StandingKind = (typeof STANDING_KINDS)[number];

/** What a line is about: the SKU and rate, where the account or the document says so. */
export type ReportLine = {
  readonly section: ReportSection;
  readonly kind: MovedKind | StandingKind;
  /** What was done: invoices, credit notes; of the residue, dropped and returned. Null for balances. */
  readonly journalKind: string | null;
  readonly skuId: string | null;
  readonly model: string | null;
  readonly siteName: { readonly zh: string; readonly en: string } | null;
  readonly purchase: Purchase | null;
  readonly taxRateBps: number | null;
  /** Credits less debits, as in the books: revenue above zero, what lessens it below. */
  readonly amountUnits: Units;
};

/** One kind of account by the report's lines, and by the postings themselves. */
export type ReportControl = {
  readonly kind: MovedKind | StandingKind;
  readonly reportUnits: Units;
  readonly ledgerUnits: Units;
};

/** A month that there is a report of. */
export type ReportMonth = { readonly month: string; readonly isClosed: boolean };

export type RevenueReport = {
  readonly month: Month;
  readonly isClosed: boolean;
  readonly lines: readonly ReportLine[];
  readonly controls: readonly ReportControl[];
};
