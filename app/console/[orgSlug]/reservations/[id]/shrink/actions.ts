'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { shrink } from '#lib/reservations/service.ts';

const input = z.object({ cards: z.coerce.number().int().min(1) });

/** Gives cards back, those that are ticked or as many as were asked for, and goes back to the reservation. */
export async function shrinkAction(
  target: { readonly orgSlug: string; readonly reservationId: string },
  _: FormState,
  form: FormData,
): Promise<FormState> {
  const { orgSlug, reservationId } = target;
  const cardIds = form.getAll('cardIds').filter((id) => typeof id === 'string');
  const state = await submit(form, input, async ({ cards }, key) => {
    const change = { reservationId, cards, cardIds, idempotencyKey: `web:${key}` };
    const answer = await shrink(await customerCtx(orgSlug), change);
    return answer.ok ? accept(null) : answer;
  });
  if (state.status === 'done') redirect(`/console/${orgSlug}/reservations/${reservationId}`);
  return state;
}
