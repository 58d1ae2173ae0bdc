'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { proposeAccountLine } from '#lib/billing/receivables/lines.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { decideCreditLine } from '#lib/ledger/credit-line.ts';
import { typedFen } from '#lib/payments/typed-amount.ts';

/** The largest amount that a form takes; the service has the smaller bound. */
const FEN_MAX = 9_000_000_000_000n;

const proposal = z.object({
  slug: z.string().trim().min(1).max(64),
  amountYuan: z.string().transform((text, context) => {
    const typed = typedFen(text.trim());
    if (typed !== null && typed >= 0n && typed <= FEN_MAX) return fenToUnits(typed);
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  }),
  reason: z.string().trim().min(3).max(200),
});

/** Proposes a credit line on account. */
export async function proposeLineAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, proposal, async ({ slug, amountYuan, reason }) =>
    proposeAccountLine(await staffCtx(), { slug, limitUnits: amountYuan, reason }),
  );
}

/** Approves a proposed line, or declines it. */
export async function decideLineAction(
  creditLineId: string,
  isApproved: boolean,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return submit(form, z.object({}), async () => {
    const decided = await decideCreditLine(await staffCtx(), { creditLineId, isApproved });
    return decided.ok ? accept(null) : decided;
  });
}
