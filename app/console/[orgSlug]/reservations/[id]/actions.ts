'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { cancel, extend, release } from '#lib/reservations/service.ts';

type Target = { readonly orgSlug: string; readonly reservationId: string };

const pageOf = ({ orgSlug, reservationId }: Target): string => `/console/${orgSlug}/reservations/${reservationId}`;
const extension = z.object({ seconds: z.coerce.number().int(), quotedUnits: z.string().regex(/^\d{1,19}$/) });

/** Takes a booking back before its start. */
export async function cancelAction(target: Target, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({}), async (_input, key) => {
    const { reservationId } = target;
    const answer = await cancel(await customerCtx(target.orgSlug), { reservationId, idempotencyKey: `web:${key}` });
    return answer.ok ? accept(null) : answer;
  });
}

/** Ends a running reservation now and goes back to it. */
export async function releaseAction(target: Target, _: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, z.object({}), async (_input, key) => {
    const { reservationId } = target;
    const answer = await release(await customerCtx(target.orgSlug), { reservationId, idempotencyKey: `web:${key}` });
    return answer.ok ? accept(null) : answer;
  });
  if (state.status === 'done') redirect(pageOf(target));
  return state;
}

/** Moves the end out at the price that the page showed and goes back to the reservation. */
export async function extendAction(target: Target, _: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, extension, async (input, key) => {
    const change = { ...input, reservationId: target.reservationId, idempotencyKey: `web:${key}` };
    const answer = await extend(await customerCtx(target.orgSlug), change);
    return answer.ok ? accept(null) : answer;
  });
  if (state.status === 'done') redirect(pageOf(target));
  return state;
}
