'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { parseInstant } from '#lib/core/instant.ts';
import { parsePrice } from '#lib/core/money.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { cancelJob, jobWish, queueJob } from '#lib/reservations/queue/service.ts';

type Submitted = { readonly jobId: string };

const optional = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** The form's fields as they are typed: an empty one means none, a deadline is Beijing time, a cap is yuan. */
const submission = jobWish
  .omit({ deadlineAt: true, priceCapE10: true, projectId: true })
  .extend({
    cards: z.coerce.number(),
    walltimeSeconds: z.coerce.number(),
    projectId: z.string().max(64).transform(optional),
    deadline: z
      .string()
      .max(32)
      .transform((text, ctx) => {
        if (text.trim() === '') return null;
        const at = parseInstant(`${text.trim().replace(' ', 'T')}:00+08:00`);
        if (at === null) ctx.addIssue({ code: 'custom', message: 'not a time' });
        return at;
      }),
    cap: z
      .string()
      .max(32)
      .transform((text, ctx) => {
        if (text.trim() === '') return null;
        const price = parsePrice(text.trim());
        if (price === null) ctx.addIssue({ code: 'custom', message: 'not a price' });
        return price === null ? null : `${price}`;
      }),
  })
  .transform(({ deadline, cap, ...rest }) => ({ ...rest, deadlineAt: deadline, priceCapE10: cap }));

/** Puts a job into the queue and goes to its page. */
export async function queueJobAction(
  orgSlug: string,
  _: FormState<Submitted>,
  form: FormData,
): Promise<FormState<Submitted>> {
  const state = await submit(form, submission, async (input, key) =>
    queueJob(await customerCtx(orgSlug), { ...input, idempotencyKey: `web:${key}` }),
  );
  if (state.status === 'done') redirect(`/console/${orgSlug}/queue/${state.value.jobId}`);
  return state;
}

/** Takes a waiting job back, or ends a running one. */
export async function cancelJobAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ jobId: z.string().max(64) }), async (input, key) => {
    const answer = await cancelJob(await customerCtx(orgSlug), { ...input, idempotencyKey: `web:${key}` });
    return answer.ok ? { ok: true, value: null } : answer;
  });
}
