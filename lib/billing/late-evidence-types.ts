import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';

/** What was found out about an interval of an allocation after it was charged, or before. */
export type LateEvidence = {
  readonly allocationId: string;
  /** Whole seconds, within the allocation and up to the pool's mark of proof. */
  readonly startAt: Instant;
  readonly endAt: Instant;
  /** True: the card was healthy and held after all. False: it was not, whatever was proven then. */
  readonly isProven: boolean;
  /** Where it is known from, for whoever asks later. */
  readonly reason: string;
};

/** One hour that was put right, as the charge of its next revision says it; seconds and amount are signed. */
export type Revision = {
  readonly hourAt: Instant;
  readonly revision: number;
  /** The hour itself while its month is open, else the first instant of the next open month. */
  readonly countsAt: Instant;
  readonly usedSeconds: number;
  readonly amountUnits: Units;
};

export type Corrected = {
  readonly correction: bigint;
  readonly organisationId: Id<'organisation'>;
  readonly reservationId: Id<'reservation'>;
  readonly revisions: readonly Revision[];
};

/** Why late evidence is not taken, in the order in which it is checked. */
export type LateEvidenceRefusal =
  | { readonly code: 'evidenceReasonMissing' }
  | { readonly code: 'allocationUnknown' }
  /** What was paid for its term went back in full: there is nothing to put right. */
  | { readonly code: 'evidenceRefunded' }
  | { readonly code: 'evidenceOutside'; readonly fromAt: number; readonly untilAt: number }
  | { readonly code: 'evidenceKnown' }
  | { readonly code: 'lateChargeUnpaid' };
