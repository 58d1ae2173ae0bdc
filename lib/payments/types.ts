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

/** A line of the operator's bank statement. */
export type BankLine = {
  readonly id: Id<'bankLine'>;
  readonly bankReference: string;
  readonly receivedAt: Instant;
  readonly amountFen: Fen;
  readonly payerName: string;
  readonly remark: string;
  readonly state: 'unmatched' | 'matched';
  readonly paymentId: Id<'payment'> | null;
};

/** A bank line with the payments that it may be, best first. */
export type MatchSuggestion = {
  readonly payment: Payment;
  readonly organisationName: string;
  readonly isCodeInRemark: boolean;
  readonly isAmountEqual: boolean;
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

export type PaymentRefusal =
  | { readonly code: 'amountOutOfRange'; readonly maxFen: string }
  | { readonly code: 'sandboxOff' }
  | { readonly code: 'idempotencyKeyReused' }
  | { readonly code: 'paymentUnknown' }
  | { readonly code: 'paymentNotOpen'; readonly state: PaymentState }
  | { readonly code: 'bankLineUnknown' }
  | { readonly code: 'bankLineMatched' }
  | { readonly code: 'bankReferenceUsed' }
  | { readonly code: 'receivedInFuture' };
