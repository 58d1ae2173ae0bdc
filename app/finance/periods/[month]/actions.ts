'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { closePeriod } from '#lib/billing/close.ts';

/** Closes a month whose name was typed again, and shows its invoices. */
export async function closeAction(month: string, _: FormState, form: FormData): Promise<FormState> {
  const typedMonth = z.object({
    confirmation: z
      .string()
      .trim()
      .refine((text) => text === month),
  });
  const state = await submit(form, typedMonth, async () => {
    const closed = await closePeriod(await staffCtx(), month);
    return closed.ok ? accept(null) : closed;
  });
  if (state.status === 'done') redirect(`/finance/periods/${month}?closed=yes`);
  return state;
}
