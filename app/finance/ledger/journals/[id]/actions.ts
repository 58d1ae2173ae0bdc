'use server';

import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { reversalInput } from '#lib/ledger/reversal-types.ts';
import { proposeReversal } from '#lib/ledger/reversals.ts';

/** Proposes that a journal be reversed. */
export async function proposeReversalAction(journalKey: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, reversalInput.pick({ reason: true }), async ({ reason }) => {
    const proposed = await proposeReversal(await staffCtx(), { journalKey, reason });
    return proposed.ok ? accept(null) : proposed;
  });
}
