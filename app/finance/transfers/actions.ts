'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { matchBankLine, recordBankLine, returnBankLine } from '#lib/payments/bank-lines.ts';
import { parseBeijingTime } from '#lib/payments/statement.ts';
import { bankLineInput, returnInput } from '#lib/payments/types.ts';

/** A time as a form sends it, in Beijing. */
const beijingTime = z.string().transform((text, context) => {
  const at = parseBeijingTime(text);
  if (at !== null) return at;
  context.addIssue({ code: 'custom' });
  return z.NEVER;
});

/** Books one line of the bank statement into suspense. */
export async function recordLineAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, bankLineInput.extend({ receivedAt: beijingTime }), async (input) => {
    const recorded = await recordBankLine(await staffCtx(), input);
    return recorded.ok ? accept(null) : recorded;
  });
}

/** Credits a bank line to the customer who announced a transfer. */
export async function matchAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ bankLineId: z.string(), paymentId: z.string() }), async (input) =>
    matchBankLine(await staffCtx(), input),
  );
}

/** Sends a bank line's money back. */
export async function returnAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, returnInput, async (input) => returnBankLine(await staffCtx(), input));
}
