'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { parseBeijing } from '#app/_edge/beijing-time.ts';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { staffCtx } from '#lib/identity/context.ts';
import type { ActTarget } from '#lib/inventory/view-types.ts';
import { endWindow, planDrain, planDrainAgain, planWindow } from '#lib/reservations/maintenance.ts';
import { HANDLINGS } from '#lib/reservations/maintenance-types.ts';

const drainForm = z.object({
  /** Empty is now. */
  start: z.string().transform((text, context) => {
    if (text.trim() === '') return null;
    const at = parseBeijing(text);
    if (at !== null) return at;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  /** Empty is until ended by hand. */
  hours: z
    .string()
    .trim()
    .regex(/^(\d{1,3})?$/)
    .transform((text) => (text === '' ? null : Number.parseInt(text, 10))),
});

/** Has the effect of emptying a target worked out, and goes to it. */
export async function planDrainAction(target: ActTarget, _: FormState, form: FormData): Promise<FormState> {
  let drainPlanId: string | null = null;
  const next = await submit(form, drainForm, async ({ start, hours }, idempotencyKey) => {
    const ctx = await staffCtx();
    const endAt = hours === null ? null : plusSeconds(start ?? ctx.now, hours * 3_600);
    const result = await planDrain(ctx, { target, startAt: start, endAt, idempotencyKey });
    if (!result.ok) return result;
    ({ drainPlanId } = result.value);
    return { ok: true, value: null };
  });
  if (drainPlanId !== null) redirect(`/ops/maintenance/plans/${drainPlanId}`);
  return next;
}

/** Works a plan out again, for the same cards and the same time. */
export async function replanAction(drainPlanId: string, _: FormState, form: FormData): Promise<FormState> {
  let next: string | null = null;
  const state = await submit(form, z.object({}), async (_input, idempotencyKey) => {
    const result = await planDrainAgain(await staffCtx(), { drainPlanId, idempotencyKey });
    if (!result.ok) return result;
    next = result.value.drainPlanId;
    return { ok: true, value: null };
  });
  if (next !== null) redirect(`/ops/maintenance/plans/${next}`);
  return state;
}

const windowForm = z.object({
  handling: z.enum(HANDLINGS),
  reason: z.string().trim().min(3).max(200),
  count: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform((text) => Number.parseInt(text, 10))
    .optional(),
});

/** Plans the window that a drain plan showed, and goes to it. */
export async function planWindowAction(drainPlanId: string, _: FormState, form: FormData): Promise<FormState> {
  let windowId: string | null = null;
  const next = await submit(form, windowForm, async ({ handling, reason, count }, idempotencyKey) => {
    const input = { drainPlanId, handling, reason, typedCount: count ?? null, idempotencyKey };
    const result = await planWindow(await staffCtx(), input);
    if (!result.ok) return result;
    ({ windowId } = result.value);
    return { ok: true, value: null };
  });
  if (windowId !== null) redirect(`/ops/maintenance/${windowId}`);
  return next;
}

/** Calls a planned window off, or ends a running one. */
export async function endWindowAction(windowId: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({}), async (_input, idempotencyKey) =>
    endWindow(await staffCtx(), { windowId, idempotencyKey }),
  );
}
