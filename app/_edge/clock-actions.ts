'use server';

import { z } from 'zod';
import type { FormState } from '#components/form/form-state.ts';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { parseShanghaiDate } from '#lib/core/period.ts';
import { moveClock } from '#lib/engine/clock-control.ts';
import type { ClockMove } from '#lib/engine/clock-move.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { submit } from './submit.ts';

const MINUTE_MS = 60_000;

/** `2026-12-02 12:00` in Beijing; null when it is not a time. */
function parseBeijing(text: string): ClockMove | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})$/.exec(text.trim());
  const midnight = match ? parseShanghaiDate(match[1] ?? '') : null;
  const [hours, minutes] = [Number.parseInt(match?.[2] ?? '', 10), Number.parseInt(match?.[3] ?? '', 10)];
  if (midnight === null || hours > 23 || minutes > 59) return null;
  return { kind: 'to', at: instant(midnight + hours * HOUR_MS + minutes * MINUTE_MS) };
}

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
    const move = parseBeijing(text);
    if (move) return move;
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
