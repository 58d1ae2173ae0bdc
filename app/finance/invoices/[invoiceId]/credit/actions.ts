'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { proposeCreditNote } from '#lib/billing/credit-notes/service.ts';
import { CREDIT_REASONS } from '#lib/billing/credit-notes/types.ts';
import { staffCtx } from '#lib/identity/context.ts';

/** Fields of lines are named after their numbers: `line-3`. */
const LINE = /^line-([1-9]\d{0,3})$/;

const creditForm = z
  .object({
    reason: z.enum(CREDIT_REASONS),
    reasonText: z.string().trim().max(200),
    scope: z.enum(['rest', 'lines']),
  })
  .catchall(z.string().trim().max(24));

/** Proposes a credit note over lines of an invoice, and shows it. */
export async function creditAction(
  invoiceId: string,
  _: FormState<string>,
  form: FormData,
): Promise<FormState<string>> {
  const state = await submit(form, creditForm, async ({ reason, reasonText, scope, ...lines }) => {
    const amounts = Object.entries(lines).flatMap(([name, yuan]) => {
      const line = LINE.exec(name)?.[1];
      return line === undefined ? [] : [{ line: Number.parseInt(line, 10), yuan }];
    });
    return proposeCreditNote(await staffCtx(), { invoiceId, reason, reasonText, scope, amounts });
  });
  if (state.status === 'done') redirect(`/finance/credit-notes/${state.value}`);
  return state;
}
