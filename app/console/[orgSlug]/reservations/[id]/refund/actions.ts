'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { refund } from '#lib/reservations/service.ts';

/** Refunds a running term whole and goes back to it. */
export async function refundAction(
  { orgSlug, reservationId }: { readonly orgSlug: string; readonly reservationId: string },
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const state = await submit(form, z.object({}), async (_input, key) => {
    const answer = await refund(await customerCtx(orgSlug), { reservationId, idempotencyKey: `web:${key}` });
    return answer.ok ? accept(null) : answer;
  });
  if (state.status === 'done') redirect(`/console/${orgSlug}/reservations/${reservationId}`);
  return state;
}
