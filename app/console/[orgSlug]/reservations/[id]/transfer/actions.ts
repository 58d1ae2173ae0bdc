'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { offerTransfer, withdrawTransfer } from '#lib/reservations/service.ts';

type Target = { readonly orgSlug: string; readonly reservationId: string };

/** Offers a reservation to another organisation; the page stays and shows the offer. */
export async function offerAction(target: Target, _: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, z.object({ to: z.string().trim().min(1).max(64) }), async ({ to }, key) => {
    const change = { reservationId: target.reservationId, toSlug: to, idempotencyKey: `web:${key}` };
    const answer = await offerTransfer(await customerCtx(target.orgSlug), change);
    return answer.ok ? accept(null) : answer;
  });
  if (state.status === 'done') redirect(`/console/${target.orgSlug}/reservations/${target.reservationId}/transfer`);
  return state;
}

/** Takes the offer back and goes back to the reservation. */
export async function withdrawAction(target: Target, _: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, z.object({}), async (_input, key) => {
    const change = { reservationId: target.reservationId, idempotencyKey: `web:${key}` };
    const answer = await withdrawTransfer(await customerCtx(target.orgSlug), change);
    return answer.ok ? accept(null) : answer;
  });
  if (state.status === 'done') redirect(`/console/${target.orgSlug}/reservations/${target.reservationId}`);
  return state;
}
