import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Fen } from '#lib/core/money.ts';

export const PAYMENT_METHODS = ['bank-transfer', 'sandbox'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];
export type PaymentState = 'open' | 'settled' | 'cancelled';

/** The most that one top-up may be: 100 million yuan. */
export const TOP_UP_FEN_MAX = 10_000_000_000n;

/** A wish to pay in. It is money only once it is settled, with its journal. */
export type Payment = {
  readonly id: Id<'payment'>;
  readonly organisationId: Id<'organisation'>;
  readonly method: PaymentMethod;
  readonly amountFen: Fen;
  readonly state: PaymentState;
  /** What the payer writes on a bank transfer. */
  readonly remittanceCode: string | null;
  readonly createdAt: Instant;
  readonly settledAt: Instant | null;
  /** What arrived; a transfer may differ from what was announced. */
  readonly settledFen: Fen | null;
};

export const BANK_LINE_STATES = ['unmatched', 'matched', 'returned'] as const;
/** Unmatched: in suspense. Matched: in a customer's wallet. Returned: back with its sender. */
export type BankLineState = (typeof BANK_LINE_STATES)[number];

/** A line of the operator's bank statement. */
export type BankLine = {
  readonly id: Id<'bankLine'>;
  readonly bankReference: string;
  readonly receivedAt: Instant;
  readonly amountFen: Fen;
  readonly payerName: string;
  readonly remark: string;
  readonly state: BankLineState;
  readonly paymentId: Id<'payment'> | null;
};

/** A bank line with the payments that it may be, best first. */
export type MatchSuggestion = {
  readonly payment: Payment;
  readonly organisationName: string;
  readonly isCodeInRemark: boolean;
  readonly isAmountEqual: boolean;
};

/** What became of a bank line, by whom and when; nothing while it waits. */
export type BankLineOutcome =
  | {
      readonly kind: 'matched';
      readonly payment: Payment;
      readonly organisationName: string;
      readonly byName: string;
      readonly at: Instant;
    }
  | { readonly kind: 'returned'; readonly reason: string; readonly byName: string; readonly at: Instant };

/** An announced transfer and who announced it. */
export type OpenTransfer = { readonly payment: Payment; readonly organisationName: string };

/** Everything there is to know of one bank line. */
export type BankLineDetail = {
  readonly line: BankLine;
  readonly recordedByName: string;
  readonly recordedAt: Instant;
  readonly outcome: BankLineOutcome | null;
  readonly suggestions: readonly MatchSuggestion[];
  /** The open transfers that are not among the suggestions, for a match by hand. */
  readonly others: readonly OpenTransfer[];
};

/** How many bank lines are in each state and what they come to, and the transfers that are announced and not here. */
export type ReceiptSummary = {
  readonly lines: Readonly<Record<BankLineState, { readonly count: number; readonly sumFen: Fen }>>;
  readonly announced: { readonly count: number; readonly sumFen: Fen };
};

/** What a customer types to top up. */
export const topUpInput = z.object({ amountYuan: z.string().trim().min(1).max(24) });

export const bankLineInput = z.object({
  bankReference: z.string().trim().min(1).max(64),
  receivedAt: z.number().int(),
  amountYuan: z.string().trim().max(24),
  payerName: z.string().trim().min(1).max(100),
  remark: z.string().trim().max(200),
});
export type BankLineInput = z.infer<typeof bankLineInput>;

export const returnInput = z.object({ bankLineId: z.string(), reason: z.string().trim().min(3).max(200) });

export type PaymentRefusal =
  | { readonly code: 'amountOutOfRange'; readonly maxFen: string }
  | { readonly code: 'sandboxOff' }
  | { readonly code: 'idempotencyKeyReused' }
  | { readonly code: 'paymentUnknown' }
  | { readonly code: 'paymentNotOpen'; readonly state: PaymentState }
  | { readonly code: 'bankLineUnknown' }
  | { readonly code: 'bankLineMatched' }
  | { readonly code: 'bankLineReturned' }
  | { readonly code: 'bankReferenceUsed' }
  | { readonly code: 'receivedInFuture' }
  | { readonly code: 'statementTooLong'; readonly rowsMax: number }
  | { readonly code: 'statementUnreadable' }
  | { readonly code: 'statementColumnsMissing'; readonly columns: string };
