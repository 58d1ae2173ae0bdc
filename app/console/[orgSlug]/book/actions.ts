'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import { queryOf } from '#components/booking/booking-query.ts';
import type { FormState } from '#components/form/form-state.ts';
import { createQuote, getKeptQuote } from '#lib/catalog/service.ts';
import { TERMS, TOPOLOGIES } from '#lib/catalog/types.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { type ChangeRefusal, reserve } from '#lib/reservations/service.ts';
import { alternativesOf } from './ways-on.ts';

/** A field that may be left open: an empty text is null. */
const orNull = <S extends z.ZodType>(schema: S) =>
  z.string().transform((text, issue) => {
    if (text === '') return null;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    issue.addIssue('not one of these');
    return z.NEVER;
  });

const wishForm = z.object({
  skuId: z.string().max(64),
  cards: z.coerce.number(),
  topology: z.enum(TOPOLOGIES),
  startAt: orNull(z.coerce.number().int()),
  durationSeconds: orNull(z.coerce.number()),
  term: orNull(z.enum(TERMS)),
  imageId: orNull(z.string().max(64)),
});

/** Asks for a quote and goes to its page. */
export async function quoteAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  let quoteId: string | null = null;
  const next = await submit(form, wishForm, async (wish) => {
    const result = await createQuote(await customerCtx(orgSlug), wish);
    if (!result.ok) return result;
    quoteId = result.value.id;
    return { ok: true, value: null };
  });
  if (quoteId !== null) redirect(`/console/${orgSlug}/book/quote/${quoteId}`);
  return next;
}

const confirmForm = z.object({ name: z.string().trim().min(1).max(80) });

/** What else would do, where the engine refused a quote. */
async function refusedState(orgSlug: string, quoteId: string, refusal: ChangeRefusal) {
  const quote = await getKeptQuote(await customerCtx(orgSlug), quoteId);
  return quote ? alternativesOf(orgSlug, refusal, queryOf(quote, quote.poolId)) : [];
}

/** Books what a quote priced and goes to the reservation. A refusal comes with links to what would do instead. */
export async function confirmAction(
  orgSlug: string,
  quoteId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  let reservationId: string | null = null;
  let refusal: ChangeRefusal | null = null;
  const next = await submit(form, confirmForm, async ({ name }, idempotencyKey) => {
    const result = await reserve(await customerCtx(orgSlug), { quoteId, name, idempotencyKey });
    if (!result.ok) {
      ({ refusal } = result);
      return result;
    }
    ({ reservationId } = result.value);
    return { ok: true, value: null };
  });
  if (reservationId !== null) redirect(`/console/${orgSlug}/reservations/${reservationId}`);
  if (next.status !== 'refused' || refusal === null) return next;
  const alternatives = await refusedState(orgSlug, quoteId, refusal);
  return { ...next, alternatives };
}
