'use server';

import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { redeemCode } from '#lib/vouchers/own.ts';
import { redeemInput } from '#lib/vouchers/types.ts';

/** Redeems a code for the organisation. */
export async function redeemAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, redeemInput, async (input) => {
    const redeemed = await redeemCode(await customerCtx(orgSlug), input);
    return redeemed.ok ? accept(null) : redeemed;
  });
}
