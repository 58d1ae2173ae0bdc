'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { setSpares, spareBps } from '#lib/reservations/spare-share.ts';

const shareForm = z.object({
  shareBps: z.coerce.number().pipe(spareBps),
  reason: z.string().trim().min(1).max(200),
});

/** Sets the share of a pool that was shown, and goes back to the list. */
export async function setSparesAction(poolId: string, _: FormState, form: FormData): Promise<FormState> {
  let isSet = false;
  const next = await submit(form, shareForm, async (input, idempotencyKey) => {
    const result = await setSpares(await staffCtx(), { ...input, poolId, idempotencyKey });
    isSet = result.ok;
    return result.ok ? accept(null) : result;
  });
  if (isSet) redirect('/ops/maintenance');
  return next;
}
