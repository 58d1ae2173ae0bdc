import type { ProofResult } from '#lib/core/proof.ts';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { AccountKind, Asset, JournalKind } from './types.ts';

export type AccountClass = 'asset' | 'liability' | 'income' | 'expense' | 'capacity';

/** The numbers of the chart that accountants know the kinds by, in their order; seconds have none. */
export const ACCOUNT_NUMBERS = {
  bank: '1101',
  pspClearing: '1110',
  disputeHeld: '1120',
  receivable: '1201',
  receivableDisputed: '1203',
  arrears: '1204',
  wallet: '2101',
  promo: '2102',
  hold: '2103',
  commitment: '2104',
  lineSetAside: '2105',
  suspense: '2110',
  disputed: '2111',
  vatPayable: '2202',
  refundInFlight: '2401',
  revenueAccrued: '4101',
  revenueUsage: '4102',
  contraPromo: '4190',
  contraCreditNote: '4191',
  contraReturned: '4192',
  contraSla: '4193',
  compensation: '5401',
  rounding: '6901',
  capacityPool: null,
  capacityReserved: null,
  capacityUsed: null,
  capacityIdle: null,
  capacityDown: null,
} as const satisfies Record<AccountKind, string | null>;

export const ACCOUNT_KINDS = Object.keys(ACCOUNT_NUMBERS) as readonly AccountKind[];

export const JOURNAL_KINDS = [
  'topUpSettled',
  'bankReceived',
  'transferMatched',
  'transferReturned',
  'holdPlaced',
  'commitmentPaid',
  'usageAccrued',
  'commitmentEarned',
  'holdReleased',
  'commitmentReturned',
  'hoursReturned',
  'usageCorrected',
  'invoiceIssued',
  'residueDropped',
  'residueReturned',
  'reversal',
  'postpaidAccrued',
  'receivablePaid',
  'gracePlaced',
  'arrearsPaid',
  'promoGranted',
  'promoExpired',
  'promoDeducted',
  'creditNoteIssued',
  'slaCompensated',
  'goodwillGranted',
  'refundAsked',
  'refundPaid',
  'refundFailed',
  'disputeOpened',
  'disputeBlocked',
  'disputeWon',
  'disputeUnblocked',
  'disputeLost',
] as const satisfies readonly JournalKind[];

/** One kind of account in one asset. `balanceUnits` is credits minus debits, as everywhere in the books. */
export type ChartLine = {
  readonly kind: AccountKind;
  readonly class: AccountClass;
  readonly asset: Asset;
  /** The balance is kept on the account and locked when it moves; else it is summed from the postings. */
  readonly isLocked: boolean;
  readonly accounts: number;
  readonly balanceUnits: bigint;
};

/** All kinds of one asset: what stands on either side, and by how much they differ, which is nothing. */
export type TrialBalance = {
  readonly asset: Asset;
  readonly lines: readonly ChartLine[];
  readonly debitUnits: bigint;
  readonly creditUnits: bigint;
  readonly differenceUnits: bigint;
};

export type AccountView = {
  readonly id: string;
  readonly path: string;
  readonly kind: AccountKind;
  readonly asset: Asset;
  readonly organisationId: Id<'organisation'> | null;
  readonly organisationName: string | null;
  readonly isLocked: boolean;
  readonly balanceUnits: bigint;
  readonly minimumUnits: bigint | null;
};

export type JournalRow = {
  readonly id: string;
  readonly key: string;
  readonly kind: JournalKind;
  readonly organisationName: string | null;
  readonly effectiveAt: Instant;
  readonly postedAt: Instant;
  /** Money on one side; 0 when it moves seconds only. */
  readonly amountUnits: bigint;
};

/** One leg of an account's history, with the balance after it. */
export type AccountPosting = {
  readonly journalId: string;
  readonly leg: number;
  readonly key: string;
  readonly kind: JournalKind;
  readonly effectiveAt: Instant;
  readonly debitUnits: bigint;
  readonly creditUnits: bigint;
  readonly balanceAfterUnits: bigint;
};

export type LegView = {
  readonly leg: number;
  readonly accountId: string;
  readonly path: string;
  readonly accountKind: AccountKind;
  readonly organisationName: string | null;
  readonly asset: Asset;
  readonly debitUnits: bigint;
  readonly creditUnits: bigint;
};

export type JournalDetail = JournalRow & {
  readonly organisationId: Id<'organisation'> | null;
  /** Who posted it, as `user:usr_…`, and the person's name when it was one. */
  readonly actor: string;
  readonly actorName: string | null;
  readonly source: Readonly<Record<string, string | number>>;
  readonly contentHash: string;
  /** The block of the hash chain that holds it; null until it is sealed. */
  readonly sealedIn: string | null;
  readonly legs: readonly LegView[];
};

/** A page of a list that grows at its head; `olderThan` is the key of the next page, null at the end. */
export type KeysetPage<Row> = { readonly rows: readonly Row[]; readonly olderThan: string | null };

export type TimedProof = ProofResult & { readonly milliseconds: number };
