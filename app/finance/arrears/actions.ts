'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { decidePolicy, proposePolicy } from '#lib/arrears/policies.ts';
import { policyInput } from '#lib/arrears/types.ts';
import type { Id } from '#lib/core/id.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';

/** Proposes terms, of an organisation or of the operator. */
export async function proposeAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, policyInput.extend({ organisationId: z.string().max(64) }), async (input) => {
    const { organisationId, graceHours, ...terms } = input;
    const whose = organisationId === '' ? null : (organisationId as Id<'organisation'>);
    const proposed = await proposePolicy(await staffCtx(), {
      ...terms,
      graceSeconds: graceHours * 3_600,
      organisationId: whose,
    });
    return proposed.ok ? accept(null) : proposed;
  });
}

/** Approves or declines a proposal. */
export async function decideAction(_: FormState, form: FormData): Promise<FormState> {
  const input = z.object({ policyId: z.string().max(64), decision: z.enum(['approve', 'decline']) });
  return submit(form, input, async ({ policyId, decision }) =>
    decidePolicy(await staffCtx(), { policyId, isApproved: decision === 'approve' }),
  );
}
