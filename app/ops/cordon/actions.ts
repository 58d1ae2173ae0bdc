'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { staffCtx } from '#lib/identity/context.ts';
import type { CordonTarget } from '#lib/inventory/view-types.ts';
import { cordonTarget } from '#lib/reservations/cordoning.ts';

const countField = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform((text) => Number.parseInt(text, 10))
  .optional();
const cordonInput = z.object({ reason: z.string().trim().min(3).max(200), count: countField });
const uncordonInput = z.object({ count: countField });

type Done = { readonly cards: number };

/** Takes the target's cards out for new work. */
export async function cordonAction(target: CordonTarget, _: FormState<Done>, form: FormData): Promise<FormState<Done>> {
  return submit(form, cordonInput, async ({ reason, count }, idempotencyKey) =>
    cordonTarget(await staffCtx(), { target, isCordoned: true, reason, typedCount: count ?? null, idempotencyKey }),
  );
}

/** Puts the target's cards back. */
export async function uncordonAction(
  target: CordonTarget,
  _: FormState<Done>,
  form: FormData,
): Promise<FormState<Done>> {
  return submit(form, uncordonInput, async ({ count }, idempotencyKey) =>
    cordonTarget(await staffCtx(), {
      target,
      isCordoned: false,
      reason: '',
      typedCount: count ?? null,
      idempotencyKey,
    }),
  );
}
