import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { JournalKind, LedgerRefusal } from './types.ts';

/**
 * The kinds that finance reverses from the books. What the bank said of a line is no opinion of ours: an arrival, a
 * return and a refund that was paid are put right where they were recorded.
 */
export const REVERSED_BY_FINANCE: ReadonlySet<JournalKind> = new Set([
  'topUpSettled',
  'transferMatched',
  'hoursReturned',
  'receivablePaid',
  'promoGranted',
  'slaCompensated',
  'goodwillGranted',
]);

export const REVERSAL_STATES = ['proposed', 'approved', 'declined'] as const;
export type ReversalState = (typeof REVERSAL_STATES)[number];

/** That somebody wants a journal taken back, and what somebody else said. */
export type ReversalRequest = {
  readonly id: Id<'reversalRequest'>;
  readonly journalId: string;
  readonly journalKey: string;
  readonly journalKind: JournalKind;
  readonly amountUnits: bigint;
  readonly organisationId: Id<'organisation'> | null;
  readonly organisationName: string | null;
  readonly reason: string;
  readonly state: ReversalState;
  readonly proposedBy: string;
  readonly proposedByName: string;
  readonly proposedAt: Instant;
  readonly decidedByName: string | null;
  readonly decidedAt: Instant | null;
  /** The journal that reverses, once there is one. */
  readonly reversalJournalId: string | null;
};

export const reversalInput = z.object({
  journalKey: z.string().max(200),
  reason: z.string().trim().min(3).max(200),
});

/** Why a reversal is refused, in the order of the checks. */
export type ReversalRefusal =
  | LedgerRefusal
  | { readonly code: 'reversalWaiting' }
  | { readonly code: 'reversalUnknown' }
  | { readonly code: 'reversalDecided' }
  | { readonly code: 'reversalSamePerson' };
