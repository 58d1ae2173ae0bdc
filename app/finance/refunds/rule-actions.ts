'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { TERMS } from '#lib/catalog/types.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { decideRefundPolicy, proposeRefundPolicy } from '#lib/reservations/refund-policies.ts';
import { refundPolicyInput } from '#lib/reservations/refund-policy-types.ts';

/** Proposes the rule for full refunds: terms from the shortest that was chosen on. */
export async function proposeRuleAction(_: FormState, form: FormData): Promise<FormState> {
  const input = refundPolicyInput.omit({ terms: true }).extend({ shortest: z.enum(TERMS) });
  return submit(form, input, async ({ shortest, ...rule }) => {
    const terms = TERMS.slice(TERMS.indexOf(shortest));
    const proposed = await proposeRefundPolicy(await staffCtx(), { ...rule, terms: [...terms] });
    return proposed.ok ? accept(null) : proposed;
  });
}

/** Approves or declines a proposal. */
export async function decideRuleAction(_: FormState, form: FormData): Promise<FormState> {
  const input = z.object({ policyId: z.string().max(64), decision: z.enum(['approve', 'decline']) });
  return submit(form, input, async ({ policyId, decision }) =>
    decideRefundPolicy(await staffCtx(), { policyId, isApproved: decision === 'approve' }),
  );
}
