import { z } from 'zod';
import type { Purchase } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Fen } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import type { LedgerRefusal } from '#lib/ledger/types.ts';
import type { InvoiceSnapshot } from '../types.ts';

/** Why a line is taken back. `other` needs words of its own. */
export const CREDIT_REASONS = [
  'duplicatedCharge',
  'productUnsatisfactory',
  'orderChange',
  'orderCancellation',
  'other',
] as const;
export type CreditReason = (typeof CREDIT_REASONS)[number];

export const CREDIT_NOTE_STATES = ['proposed', 'issued', 'declined'] as const;
export type CreditNoteState = (typeof CREDIT_NOTE_STATES)[number];

/** Amounts of a line or a document; net and tax sum to gross. */
export type Amounts = { readonly grossFen: Fen; readonly netFen: Fen; readonly taxFen: Fen };

/** So much of a line of the invoice, by the invoice's number of the line. */
export type CreditNoteLine = Amounts & { readonly line: number };

/** A line of an issued invoice with what issued notes have taken back of it. */
export type CreditableLine = {
  readonly line: number;
  readonly skuId: string;
  readonly taxRateBps: number;
  readonly whole: Amounts;
  readonly credited: Amounts;
};

/** What one issue of a note says for ever: documents are rendered from this and nothing else. */
export type CreditNoteSnapshot = {
  readonly version: 1;
  readonly number: string;
  readonly invoiceNumber: string;
  readonly month: string;
  readonly issuedAt: string;
  readonly reason: CreditReason;
  readonly reasonText: string;
  readonly creditedTo: 'wallet' | 'receivable';
  readonly seller: InvoiceSnapshot['seller'];
  readonly buyer: InvoiceSnapshot['buyer'];
  readonly lines: readonly {
    readonly line: number;
    readonly model: string;
    readonly siteZh: string;
    readonly siteEn: string;
    readonly purchase: Purchase;
    readonly taxRateBps: number;
    readonly invoicedFen: string;
    readonly grossFen: string;
    readonly netFen: string;
    readonly taxFen: string;
  }[];
  readonly totals: { readonly grossFen: string; readonly netFen: string; readonly taxFen: string };
};

/** What only an issued note has. */
export type CreditNoteIssue = {
  readonly number: string;
  /** When it counts; its Shanghai month is the one whose revenue is less. */
  readonly effectiveAt: Instant;
  readonly creditedTo: 'wallet' | 'receivable';
  readonly snapshot: CreditNoteSnapshot;
  readonly snapshotHash: string;
  readonly previousHash: string;
};

/** A credit note; `issue` stands there once a second person has issued it. */
export type CreditNote = Amounts & {
  readonly id: Id<'creditNote'>;
  readonly invoiceId: Id<'invoice'>;
  readonly invoiceNumber: string;
  readonly month: Month;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly reason: CreditReason;
  readonly reasonText: string;
  readonly state: CreditNoteState;
  /** Actors, as `user:usr_…`, and their names. */
  readonly proposedBy: string;
  readonly proposedByName: string;
  readonly proposedAt: Instant;
  readonly decidedByName: string | null;
  readonly decidedAt: Instant | null;
  readonly lines: readonly CreditNoteLine[];
  readonly issue: CreditNoteIssue | null;
};

/** What is to be taken back: everything that is left, or amounts by line, typed in yuan; an empty one is nothing. */
export const creditNoteInput = z.object({
  invoiceId: z.string().max(60),
  reason: z.enum(CREDIT_REASONS),
  reasonText: z.string().trim().max(200),
  scope: z.enum(['rest', 'lines']),
  amounts: z.array(z.object({ line: z.number().int().min(1), yuan: z.string().trim().max(24) })).max(500),
});
export type CreditNoteInput = z.infer<typeof creditNoteInput>;

/** Why a credit note is refused, in the order of the checks: first of a proposal, then of a decision. */
export type CreditNoteRefusal =
  | { readonly code: 'creditInvoiceUnknown' }
  | { readonly code: 'creditReasonMissing' }
  | { readonly code: 'creditNoteWaiting' }
  | { readonly code: 'creditAmountUnreadable'; readonly line: number }
  | { readonly code: 'creditOverLine'; readonly line: number; readonly leftFen: string }
  | { readonly code: 'creditNothing' }
  | { readonly code: 'creditNoteUnknown' }
  | { readonly code: 'creditNoteDecided' }
  | { readonly code: 'creditNoteSamePerson' }
  | Extract<LedgerRefusal, { readonly code: 'monthClosed' }>;
