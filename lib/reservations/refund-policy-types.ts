import { z } from 'zod';
import { TERMS } from '#lib/catalog/types.ts';
import type { Instant } from '#lib/core/instant.ts';
import type { RefundTerms } from './refund-terms.ts';

export const REFUND_POLICY_STATES = ['proposed', 'approved', 'declined'] as const;
/** What the database holds too. */
export const REFUND_DAYS_MAX = 30;

/** A version of the rule for full refunds. An approved one holds for what is bought from its decision on. */
export type RefundPolicy = RefundTerms & {
  readonly reason: string;
  readonly state: (typeof REFUND_POLICY_STATES)[number];
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
};

/** Why the rule is not changed, in the order in which it is checked. */
export type RefundPolicyRefusal = {
  readonly code:
    | 'refundPolicyOutOfRange'
    | 'refundPolicyWaiting'
    | 'refundPolicyUnknown'
    | 'refundPolicyDecided'
    | 'refundPolicySamePerson';
};

/** What staff type to propose a rule. */
export const refundPolicyInput = z.object({
  terms: z.array(z.enum(TERMS)).max(TERMS.length),
  windowDays: z.coerce.number().int(),
  reason: z.string().trim().max(200),
});
export type RefundPolicyInput = z.infer<typeof refundPolicyInput>;
