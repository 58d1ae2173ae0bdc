import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';

/** What a line lets an organisation do: spend below zero, or use on account and pay later. */
export const CREDIT_LINE_ACCOUNTS = ['wallet', 'receivable'] as const;
export type CreditLineAccount = (typeof CREDIT_LINE_ACCOUNTS)[number];

export const CREDIT_LINE_STATES = ['proposed', 'approved', 'declined', 'replaced'] as const;
export type CreditLineState = (typeof CREDIT_LINE_STATES)[number];

/** A change of a credit line: proposed by one person, decided by another. The approved one is in force until it is replaced. */
export type CreditLineChange = {
  readonly id: Id<'creditLine'>;
  readonly organisationId: Id<'organisation'>;
  readonly account: CreditLineAccount;
  readonly limitUnits: Units;
  readonly reason: string;
  readonly state: CreditLineState;
  /** Actors, as `user:usr_…`. */
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
};

/** Why a change of a line is refused, in the order of the checks. */
export type CreditLineRefusal =
  | { readonly code: 'creditLimitOutOfRange' }
  | { readonly code: 'creditLineWaiting' }
  | { readonly code: 'creditLineUnknown' }
  | { readonly code: 'creditLineDecided' }
  | { readonly code: 'creditLineSamePerson' }
  | { readonly code: 'creditLineInUse' };
