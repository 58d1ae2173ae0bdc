'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { askReopening, closeAgain } from '#lib/billing/reopening/service.ts';
import { reopeningInput } from '#lib/billing/reopening/types.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';

/** Asks that a closed month be reopened. */
export async function askReopeningAction(month: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, reopeningInput.pick({ reason: true }), async ({ reason }) => {
    const asked = await askReopening(await staffCtx(), { month, reason });
    return asked.ok ? accept(null) : asked;
  });
}

/** Closes a reopened month again. */
export async function closeAgainAction(month: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({}), async () => {
    const closed = await closeAgain(await staffCtx(), month);
    return closed.ok ? accept(null) : closed;
  });
}
