'use server';

import { z } from 'zod';
import type { FormState } from '#components/form/form-state.ts';
import { instant } from '#lib/core/instant.ts';
import { moveClock } from '#lib/engine/clock-control.ts';
import type { ClockMove } from '#lib/engine/clock-move.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { parseBeijing } from './beijing-time.ts';
import { submit } from './submit.ts';

const fromBy = z
  .string()
  .regex(/^by:\d{1,4}$/)
  .transform((text): ClockMove => ({ kind: 'by', hours: Number.parseInt(text.slice(3), 10) }));
const fromTo = z
  .string()
  .regex(/^to:\d{1,15}$/)
  .transform((text): ClockMove => ({ kind: 'to', at: instant(Number.parseInt(text.slice(3), 10)) }));
const fromRate = z
  .string()
  .regex(/^rate:\d{1,9}$/)
  .transform((text): ClockMove => ({ kind: 'rate', perSecond: Number.parseInt(text.slice(5), 10) }));
const button = z.object({ move: z.union([fromBy, fromTo, fromRate]) });
const typedTime = z.object({
  at: z.string().transform((text, context): ClockMove => {
    const at = parseBeijing(text);
    if (at !== null) return { kind: 'to', at };
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
});
const typedRate = z.object({ rate: z.string().regex(/^-?\d{1,9}$/) });

/** A move that a button names: `by:<hours>`, `to:<milliseconds>`, `rate:<seconds a second>`. */
export async function moveClockAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, button, async ({ move }) => moveClock(await staffCtx(), move));
}

/** A move to a time that was typed, in Beijing time. */
export async function moveClockToAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, typedTime, async ({ at }) => moveClock(await staffCtx(), at));
}

/** A pace that was typed. */
export async function runClockAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, typedRate, async ({ rate }) =>
    moveClock(await staffCtx(), { kind: 'rate', perSecond: Number.parseInt(rate, 10) }),
  );
}
