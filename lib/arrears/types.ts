import { z } from 'zod';
import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { Units } from '#lib/core/money.ts';

/** Where an organisation stands, in the order in which it gets there. Payment leads from anywhere back to `ok`. */
export const ARREARS_STATES = ['ok', 'warned', 'lastHour', 'grace', 'stopped', 'retained', 'released'] as const;
export type ArrearsState = (typeof ARREARS_STATES)[number];

/** What happens when money runs out, and when. */
export type ArrearsTerms = {
  /** A first and a last warning, so many hours before the money runs out. */
  readonly firstWarningHours: number;
  readonly lastWarningHours: number;
  /** How long open ends run on, charged and owed; none at zero. */
  readonly graceSeconds: number;
  /** How long what can be kept is kept after the stop. */
  readonly retentionDays: number;
};

export const POLICY_STATES = ['proposed', 'approved', 'declined', 'replaced'] as const;

/** A version of the operator's policy, or of one organisation's own. The approved one is in force until it is replaced. */
export type ArrearsPolicy = ArrearsTerms & {
  readonly id: Id<'arrearsPolicy'>;
  readonly organisationId: Id<'organisation'> | null;
  readonly reason: string;
  readonly state: (typeof POLICY_STATES)[number];
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
};

/** What staff type to propose a policy. */
export const policyInput = z.object({
  firstWarningHours: z.coerce.number().int(),
  lastWarningHours: z.coerce.number().int(),
  graceHours: z.coerce.number().int(),
  retentionDays: z.coerce.number().int(),
  reason: z.string().trim().min(3).max(200),
});
export type PolicyInput = z.infer<typeof policyInput>;

/** Where an organisation stands and what it was told. */
export type Standing = {
  readonly state: ArrearsState;
  /** Steps so far. */
  readonly steps: number;
  /** How often it left `ok`. */
  readonly episode: number;
  readonly sinceAt: Instant;
  readonly runsOutAt: Instant | null;
  /** Announced when grace begins: not before then is anything stopped. */
  readonly stopAt: Instant | null;
  /** Announced at the stop: not before then is anything released. */
  readonly releaseAt: Instant | null;
};

/** What a step is decided from. */
export type ArrearsFacts = {
  readonly spendableUnits: Units;
  readonly owedUnits: Units;
  readonly burnUnitsPerHour: Units;
  /** When the first open end cannot be paid any more; null beyond the first warning. */
  readonly runsOutAt: Instant | null;
  /** From when the first running open end is in its grace, and when the last one stops; null without. */
  readonly grace: { readonly from: Instant; readonly stopAt: Instant } | null;
  /** Something was stopped whose last second is not charged yet. */
  readonly isUnsettled: boolean;
};

/** One step: from where to where, and the instant at which it counts. */
export type ArrearsStep = {
  readonly number: number;
  readonly from: ArrearsState;
  readonly to: ArrearsState;
  readonly at: Instant;
  readonly next: Standing;
};

export type ArrearsRefusal =
  | { readonly code: 'policyOutOfRange' }
  | { readonly code: 'policyWaiting' }
  | { readonly code: 'policyUnknown' }
  | { readonly code: 'policyDecided' }
  | { readonly code: 'policySamePerson' };

/** Grace that one person may give an organisation by themselves; more takes two. */
export const GRACE_SECONDS_ALONE_MAX = 6 * 3_600;
