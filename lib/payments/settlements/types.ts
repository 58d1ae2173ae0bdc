import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Fen } from '#lib/core/money.ts';

/** Providers through which money comes in here; what a payment's method says. */
export const PROVIDERS = ['sandbox'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What a balance transaction is about, whatever finer word its provider has for it. */
export const SETTLEMENT_KINDS = ['payment', 'refund', 'fee', 'payout', 'other'] as const;
export type SettlementKind = (typeof SETTLEMENT_KINDS)[number];

/** A balance transaction. Gross less fee is net; what leaves the provider's balance is below zero. */
export type SettlementRow = {
  readonly transactionId: string;
  /** Its line in the file as a spreadsheet counts, the heading included. */
  readonly row: number;
  readonly kind: SettlementKind;
  /** The provider's own object behind it. */
  readonly source: string;
  /** The payment or refund of ours that it names; null when it names none. */
  readonly ourId: string | null;
  readonly grossFen: Fen;
  readonly feeFen: Fen;
  readonly netFen: Fen;
  readonly at: Instant;
};

export type SettlementFile = {
  readonly id: Id<'settlementFile'>;
  readonly provider: Provider;
  readonly name: string;
  readonly sha256: string;
  readonly fromAt: Instant;
  readonly untilAt: Instant;
  readonly rows: number;
  readonly importedByName: string;
  readonly importedAt: Instant;
};

/**
 * How a transaction and our records stand to each other. Missing here: the provider has it and we do not. Missing there:
 * we settled it in the file's time, and no file of the provider has it. Noted: fees, payouts and the like, which have no
 * record of ours.
 */
export const VERDICTS = ['differs', 'missingHere', 'missingThere', 'matched', 'noted'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A transaction or a record of ours, with how it was judged. */
export type JudgedSettlement = {
  readonly verdict: Verdict;
  readonly kind: SettlementKind;
  readonly transactionId: string | null;
  readonly row: number | null;
  readonly ourId: string | null;
  /** What the provider says, and what we say; null where one of them says nothing. */
  readonly theirsFen: Fen | null;
  readonly oursFen: Fen | null;
  readonly feeFen: Fen | null;
  readonly at: Instant;
};

/** What a file comes to: how many of each verdict, and its sums. */
export type SettlementSums = {
  readonly counts: ReadonlyMap<Verdict, number>;
  readonly grossFen: Fen;
  readonly feeFen: Fen;
  readonly netFen: Fen;
};

export const settlementInput = z.object({
  provider: z.enum(PROVIDERS),
  name: z.string().trim().min(1).max(200),
  text: z.string().min(1),
});

/** Why a file is not taken, in the order of the checks. */
export type SettlementRefusal =
  | { readonly code: 'settlementUnreadable' }
  | { readonly code: 'settlementColumnsMissing'; readonly columns: string }
  | { readonly code: 'settlementTooLong'; readonly rowsMax: number }
  | { readonly code: 'settlementRowWrong'; readonly row: number; readonly column: string }
  | { readonly code: 'settlementKnown' }
  | { readonly code: 'settlementChanged'; readonly transaction: string };
