'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { parseLocalField } from '#components/form/local-time.ts';
import { parsePrice } from '#lib/core/money.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { setAutoExtend } from '#lib/reservations/service.ts';

type Target = { readonly orgSlug: string; readonly reservationId: string };

const pageOf = ({ orgSlug, reservationId }: Target): string => `/console/${orgSlug}/reservations/${reservationId}`;

/** A text that a parser of the house reads, as what it read. */
const parsed = <T>(parse: (text: string) => T | null) =>
  z.string().transform((text, ctx) => {
    const value = parse(text.trim());
    if (value !== null) return value;
    ctx.addIssue({ code: 'custom', message: 'not readable' });
    return z.NEVER;
  });
const rule = z.object({
  stepSeconds: z.coerce.number().int().optional(),
  hours: z.coerce.number().int().min(1).max(2_160).optional(),
  capYuan: parsed(parsePrice),
  untilAt: parsed((text) => (text === '' ? 'none' : parseLocalField(text))),
});

/** Lets a reservation extend itself, and goes back to it. */
export async function setAutoExtendAction(target: Target, _: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, rule, async ({ hours, stepSeconds, capYuan, untilAt }, key) => {
    const step = stepSeconds ?? (hours ?? 0) * 3_600;
    const answer = await setAutoExtend(await customerCtx(target.orgSlug), {
      reservationId: target.reservationId,
      rule: { stepSeconds: step, priceE10Max: `${capYuan}`, untilAt: untilAt === 'none' ? null : untilAt },
      idempotencyKey: `web:${key}`,
    });
    return answer.ok ? accept(null) : answer;
  });
  if (state.status === 'done') redirect(pageOf(target));
  return state;
}

/** Stops a reservation from extending itself, and goes back to it. */
export async function stopAutoExtendAction(target: Target, _: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, z.object({}), async (_input, key) => {
    const change = { reservationId: target.reservationId, rule: null, idempotencyKey: `web:${key}` };
    const answer = await setAutoExtend(await customerCtx(target.orgSlug), change);
    return answer.ok ? accept(null) : answer;
  });
  if (state.status === 'done') redirect(pageOf(target));
  return state;
}
