'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { type CardAct, ruleOf } from '#lib/inventory/lifecycle.ts';
import type { ActTarget } from '#lib/inventory/view-types.ts';
import { actOnTarget } from '#lib/reservations/acting-on-cards.ts';

const countField = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform((text) => Number.parseInt(text, 10))
  .optional();
const withReason = z.object({ reason: z.string().trim().min(3).max(200), count: countField });
const withoutReason = z.object({ count: countField }).transform((input) => ({ ...input, reason: '' }));

type Done = { readonly cards: number };

/** Moves the target's cards along their lifecycle. */
export async function actAction(
  act: CardAct,
  target: ActTarget,
  _: FormState<Done>,
  form: FormData,
): Promise<FormState<Done>> {
  const input: z.ZodType<{ reason: string; count?: number | undefined }> = ruleOf(act).hasReason
    ? withReason
    : withoutReason;
  return submit(form, input, async ({ reason, count }, idempotencyKey) =>
    actOnTarget(await staffCtx(), { act, target, reason, typedCount: count ?? null, idempotencyKey }),
  );
}
