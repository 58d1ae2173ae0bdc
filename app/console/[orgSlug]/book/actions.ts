'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { withQuery } from '#app/_edge/paging.ts';
import { submit } from '#app/_edge/submit.ts';
import { queryOf } from '#components/booking/booking-query.ts';
import { factsOf, reasonText } from '#components/explain/explanation-text.ts';
import type { FormState } from '#components/form/form-state.ts';
import { createQuote, getKeptQuote } from '#lib/catalog/service.ts';
import { TERMS } from '#lib/catalog/types.ts';
import { gangOf, PREFERRED_LEVELS, TOPOLOGIES } from '#lib/core/topology.ts';
import { requestLocale } from '#lib/i18n/server.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { explain } from '#lib/reservations/explain.ts';
import { type ChangeRefusal, reserve } from '#lib/reservations/service.ts';
import { alternativesOf, soonerAlternatives } from './ways-on.ts';

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
  segmentCards: orNull(z.coerce.number()),
  preferred: orNull(z.enum(PREFERRED_LEVELS)),
  startAt: orNull(z.coerce.number().int()),
  durationSeconds: orNull(z.coerce.number()),
  term: orNull(z.enum(TERMS)),
  imageId: orNull(z.string().max(64)),
  project: z.string().max(64),
});

/** Asks for a quote and goes to its page. */
export async function quoteAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  let quoteId: string | null = null;
  let project = '';
  const next = await submit(form, wishForm, async ({ project: chosen, segmentCards, preferred, ...wish }) => {
    project = chosen;
    const gang = gangOf(segmentCards, preferred);
    const result = await createQuote(await customerCtx(orgSlug), gang ? { ...wish, gang } : wish);
    if (!result.ok) return result;
    quoteId = result.value.id;
    return { ok: true, value: null };
  });
  if (quoteId !== null) redirect(withQuery(`/console/${orgSlug}/book/quote/${quoteId}`, { project }));
  return next;
}

const confirmForm = z.object({
  name: z.string().trim().min(1).max(80),
  projectId: orNull(z.string().max(64)),
  payBy: z.enum(['wallet', 'account']).default('wallet'),
});

type Refused = ChangeRefusal & { readonly commandId?: string };

/** Why the engine refused a quote, with its numbers and what would do instead. */
async function refusedState(orgSlug: string, quoteId: string, projectId: string | null, refusal: Refused) {
  const ctx = await customerCtx(orgSlug);
  const quote = await getKeptQuote(ctx, quoteId);
  if (!quote) return { alternatives: [] };
  const query = queryOf(quote, quote.poolId, projectId);
  const view = refusal.commandId === undefined ? null : await explain(ctx, refusal.commandId);
  if (!view?.explanation || view.status !== 'refused')
    return { alternatives: await alternativesOf(orgSlug, refusal, query) };
  const locale = await requestLocale();
  return {
    refusal: { code: refusal.code, ...reasonText(locale, view.explanation) },
    facts: factsOf(locale, view.explanation, view.blockers),
    alternatives: await soonerAlternatives(ctx, orgSlug, view, query, refusal),
  };
}

/** Books what a quote priced and goes to the reservation. A refusal comes with links to what would do instead. */
export async function confirmAction(
  orgSlug: string,
  quoteId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  let reservationId: string | null = null;
  let refusal: Refused | null = null;
  let project: string | null = null;
  const next = await submit(form, confirmForm, async ({ name, projectId, payBy }, idempotencyKey) => {
    project = projectId;
    const result = await reserve(await customerCtx(orgSlug), { quoteId, name, projectId, payBy, idempotencyKey });
    if (!result.ok) {
      ({ refusal } = result);
      return result;
    }
    ({ reservationId } = result.value);
    return { ok: true, value: null };
  });
  if (reservationId !== null) redirect(`/console/${orgSlug}/reservations/${reservationId}`);
  if (next.status !== 'refused' || refusal === null) return next;
  return { ...next, ...(await refusedState(orgSlug, quoteId, project, refusal)) };
}
