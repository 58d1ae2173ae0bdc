'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { acceptTransfer } from '#lib/reservations/service.ts';

const offer = z.object({ reservationId: z.string().min(1).max(64), quotedUnits: z.string().regex(/^\d{1,19}$/) });

/** Accepts an offer at the price that was shown and goes to the reservation that it became. */
export async function acceptAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  let id: string | null = null;
  const state = await submit(form, offer, async (input, key) => {
    const answer = await acceptTransfer(await customerCtx(orgSlug), { ...input, idempotencyKey: `web:${key}` });
    if (!answer.ok) return answer;
    id = answer.value.reservationId;
    return accept(null);
  });
  if (state.status === 'done') redirect(`/console/${orgSlug}/reservations/${id ?? ''}`);
  return state;
}
