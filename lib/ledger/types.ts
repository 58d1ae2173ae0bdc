import type { Canonical } from '#lib/core/canonical.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';

/** Money in 1e-8 yuan, or card-seconds of one pool. A journal balances in each asset by itself. */
export type Asset = 'CNY/8' | `CARDSEC:${string}`;

export type AccountKind =
  | 'wallet'
  | 'promo'
  | 'hold'
  | 'commitment'
  | 'bank'
  | 'pspClearing'
  | 'disputeHeld'
  | 'lineSetAside'
  | 'receivable'
  | 'receivableDisputed'
  | 'arrears'
  | 'suspense'
  | 'disputed'
  | 'refundInFlight'
  | 'revenueAccrued'
  | 'revenueUsage'
  | 'contraPromo'
  | 'contraCreditNote'
  | 'contraReturned'
  | 'contraSla'
  | 'compensation'
  | 'vatPayable'
  | 'rounding'
  | 'capacityPool'
  | 'capacityReserved'
  | 'capacityUsed'
  | 'capacityIdle'
  | 'capacityDown';

/** An account by its path, with what it takes to open it at its first posting. */
export type AccountRef = {
  readonly path: string;
  readonly kind: AccountKind;
  readonly asset: Asset;
  readonly organisationId: Id<'organisation'> | null;
};

export type JournalKind =
  | 'topUpSettled'
  | 'bankReceived'
  | 'transferMatched'
  | 'transferReturned'
  | 'holdPlaced'
  | 'commitmentPaid'
  | 'usageAccrued'
  | 'commitmentEarned'
  | 'holdReleased'
  | 'commitmentReturned'
  | 'hoursReturned'
  | 'usageCorrected'
  | 'invoiceIssued'
  | 'residueDropped'
  | 'residueReturned'
  | 'reversal'
  | 'postpaidAccrued'
  | 'receivablePaid'
  | 'gracePlaced'
  | 'arrearsPaid'
  | 'promoGranted'
  | 'promoExpired'
  | 'promoDeducted'
  | 'creditNoteIssued'
  | 'slaCompensated'
  | 'goodwillGranted'
  | 'refundAsked'
  | 'refundPaid'
  | 'refundFailed'
  | 'disputeOpened'
  | 'disputeBlocked'
  | 'disputeWon'
  | 'disputeUnblocked'
  | 'disputeLost';

/** One leg: exactly one of debit and credit is positive. */
export type Leg = { readonly account: AccountRef; readonly debitUnits: bigint; readonly creditUnits: bigint };

/** A journal before it is posted. `key` is the business key: the same key is the same journal, for ever. */
export type Journal = {
  readonly key: string;
  readonly kind: JournalKind;
  readonly organisationId: Id<'organisation'> | null;
  readonly effectiveAt: Instant;
  /** The ids that explain why: reservation, hour, invoice, payment. */
  readonly source: { readonly [name: string]: Canonical };
  readonly legs: readonly Leg[];
};

/** A journal as it was posted. Legs of other people's accounts are left out for a customer. */
export type JournalView = {
  readonly id: bigint;
  readonly key: string;
  readonly kind: JournalKind;
  readonly effectiveAt: Instant;
  readonly postedAt: Instant;
  readonly legs: readonly {
    readonly path: string;
    readonly asset: string;
    readonly debitUnits: bigint;
    readonly creditUnits: bigint;
  }[];
};

/** The kinds of journal that move a wallet. */
export const STATEMENT_KINDS = [
  'topUpSettled',
  'transferMatched',
  'holdPlaced',
  'commitmentPaid',
  'holdReleased',
  'commitmentReturned',
  'hoursReturned',
  'usageCorrected',
  'residueReturned',
  'reversal',
  'receivablePaid',
  'arrearsPaid',
  'creditNoteIssued',
  'slaCompensated',
  'goodwillGranted',
  'refundAsked',
  'refundFailed',
  'disputeBlocked',
  'disputeUnblocked',
] as const satisfies readonly JournalKind[];
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** One line of a wallet's statement. */
export type StatementEntry = {
  readonly journalId: bigint;
  readonly key: string;
  /** `other` is a kind that this version does not know; it counts all the same. */
  readonly kind: StatementKind | 'other';
  readonly effectiveAt: Instant;
  /** Above zero into the wallet, below zero out of it. */
  readonly amountUnits: Units;
  readonly balanceAfterUnits: Units;
  readonly reservationId: Id<'reservation'> | null;
  readonly paymentId: Id<'payment'> | null;
  readonly invoiceId: Id<'invoice'> | null;
};

/** Why a posting is refused, in the order in which the database checks. The transaction is over when one is raised. */
export type LedgerRefusal =
  | { readonly code: 'journalUnknown' }
  | { readonly code: 'journalNotReversible' }
  | { readonly code: 'journalKeyReused' }
  | { readonly code: 'monthClosed' }
  | { readonly code: 'insufficientFunds' }
  | { readonly code: 'holdResolved' }
  | { readonly code: 'journalUnbalanced' }
  | { readonly code: 'pairNotPermitted' }
  | { readonly code: 'reversalNotExact' };
