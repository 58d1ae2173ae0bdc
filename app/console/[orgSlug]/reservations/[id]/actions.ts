'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import { factsOf, reasonText } from '#components/explain/explanation-text.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import type { RefusalCode } from '#lib/i18n/messages/refusals.ts';
import { getTranslations, requestLocale } from '#lib/i18n/server.ts';
import { explain } from '#lib/reservations/explain.ts';
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

/** Why an extension was refused, with links to shorter ones that the plan has room for. */
async function whyNotLonger(target: Target, code: RefusalCode, commandId: string) {
  const view = await explain(await customerCtx(target.orgSlug), commandId);
  if (!view?.explanation) return {};
  const [t, locale] = [await getTranslations('reservations'), await requestLocale()];
  const shorter = view.explanation.sooner.flatMap(({ change, value }) => (change === 'shorter' ? [value / 3_600] : []));
  return {
    refusal: { code, ...reasonText(locale, view.explanation) },
    facts: factsOf(locale, view.explanation, view.blockers),
    alternatives: shorter.map((hours) => ({
      label: t('extend.quick', { count: hours }),
      href: `${pageOf(target)}/extend?hours=${hours}`,
    })),
  };
}

/** Moves the end out at the price that the page showed and goes back to the reservation. */
export async function extendAction(target: Target, _: FormState, form: FormData): Promise<FormState> {
  let refused: { readonly code: RefusalCode; readonly commandId: string } | null = null;
  const state = await submit(form, extension, async (input, key) => {
    const change = { ...input, reservationId: target.reservationId, idempotencyKey: `web:${key}` };
    const answer = await extend(await customerCtx(target.orgSlug), change);
    if (answer.ok) return accept(null);
    const { code, commandId } = answer.refusal;
    if (commandId !== undefined) refused = { code, commandId };
    return answer;
  });
  if (state.status === 'done') redirect(pageOf(target));
  const known = refused as { readonly code: RefusalCode; readonly commandId: string } | null;
  if (state.status !== 'refused' || known === null) return state;
  return { ...state, ...(await whyNotLonger(target, known.code, known.commandId)) };
}
