import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import { type Fen, fen } from '#lib/core/money.ts';

/** Where money came from and goes back to: the bank, or the sandbox for play money. */
export const REFUND_ROUTES = ['bank', 'sandbox'] as const;
export type RefundRoute = (typeof REFUND_ROUTES)[number];

export const REFUND_STATES = ['asked', 'approved', 'paid', 'failed', 'declined', 'withdrawn'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** What may be done in which state: read by the services and by the buttons. */
export const REFUND_CAN = {
  approve: ['asked'],
  decline: ['asked'],
  withdraw: ['asked'],
  pay: ['approved'],
  fail: ['approved'],
} as const satisfies Record<string, readonly RefundState[]>;
export type RefundAct = keyof typeof REFUND_CAN;

/** Above this, whoever pays is not who approved: 50,000 yuan. The database says the same. */
export const REFUND_ALONE_FEN_MAX: Fen = fen(5_000_000n);

const text = (most: number) => z.string().trim().min(1).max(most);
/** The bank account that a customer names. Its holder is one of those whose transfers came in. */
export const payeeSchema = z.object({
  name: text(100),
  bank: text(100),
  account: z
    .string()
    .trim()
    .regex(/^[0-9 -]{6,40}$/),
});
export type Payee = z.infer<typeof payeeSchema>;

/** What customers type: the account only where it is the bank that pays. */
export const refundInput = z.discriminatedUnion('route', [
  payeeSchema.extend({ route: z.literal('bank'), amountYuan: text(24), reason: text(200) }),
  z.object({ route: z.literal('sandbox'), amountYuan: text(24), reason: text(200) }),
]);

/** Unused money that somebody wants back. It left the wallet when it was asked for. */
export type RefundRequest = {
  readonly id: Id<'refund'>;
  readonly organisationId: Id<'organisation'>;
  readonly route: RefundRoute;
  readonly amountFen: Fen;
  /** Null for play money. */
  readonly payee: Payee | null;
  readonly reason: string;
  readonly state: RefundState;
  readonly askedBy: string;
  readonly askedAt: Instant;
  readonly approvedBy: string | null;
  readonly endedAt: Instant | null;
  readonly bankReference: string | null;
  readonly endReason: string | null;
};

/** What could go back by a route: what was paid in by it and not sent back, as far as the wallet holds it unspent. */
export type Refundable = { readonly route: RefundRoute; readonly amountFen: Fen };

export type RefundRefusal =
  | { readonly code: 'refundUnknown' }
  | { readonly code: 'refundNotInState'; readonly state: RefundState }
  | { readonly code: 'refundTooMuch'; readonly maxFen: string }
  | { readonly code: 'refundPayeeUnknown' }
  | { readonly code: 'refundSamePerson' }
  | { readonly code: 'refundReferenceUsed' }
  | { readonly code: 'refundReasonMissing' }
  | { readonly code: 'idempotencyKeyReused' }
  | { readonly code: 'insufficientFunds' };
