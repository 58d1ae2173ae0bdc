'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { idFrom } from '#lib/core/id.ts';
import { parseMonth } from '#lib/core/period.ts';
import { accept, refuse } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { decidePolicy, proposePolicy } from '#lib/sla/policies.ts';
import { readTiers } from '#lib/sla/policy.ts';
import { slaPolicyInput } from '#lib/sla/types.ts';

/** Proposes a table for everything or for one SKU, from a coming month on. */
export async function proposeAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, slaPolicyInput, async (input) => {
    const [tiers, validFrom] = [readTiers(input.tiers), parseMonth(input.validFrom)];
    if (tiers === null || validFrom === null) return refuse({ code: 'slaTiersWrong' } as const);
    const skuId = input.skuId === '' ? null : idFrom('sku', input.skuId);
    const proposed = await proposePolicy(await staffCtx(), { skuId, validFrom, tiers, reason: input.reason });
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
