import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';

/** What became of a late report: taken, refused for good, or too old to be taken by itself. */
export const LATE_OUTCOMES = [
  'taken',
  'tooOld',
  'evidenceReasonMissing',
  'allocationUnknown',
  'evidenceRefunded',
  'evidenceOutside',
  'evidenceKnown',
  'lateChargeUnpaid',
] as const;
export type LateOutcome = (typeof LATE_OUTCOMES)[number];

/** A late report as staff read it. */
export type LateReportView = {
  readonly id: string;
  readonly allocationId: string;
  readonly organisationId: Id<'organisation'>;
  readonly organisationName: string;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly isProven: boolean;
  readonly reportedAt: Instant;
  /** Null while it waits. */
  readonly outcome: LateOutcome | null;
};
