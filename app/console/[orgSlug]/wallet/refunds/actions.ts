'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { withdrawRefund } from '#lib/payments/carrying-out.ts';
import { askRefund } from '#lib/payments/refunds.ts';
import { type RefundRefusal, refundInput } from '#lib/payments/refund-types.ts';
import { typedFen } from '#lib/payments/typed-amount.ts';
import { type PaymentRefusal, TOP_UP_FEN_MAX } from '#lib/payments/types.ts';

/** Asks for unused money back. The form's own key is the request's token. */
export async function askAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, refundInput, async (input, token): Promise<Result<null, RefundRefusal | PaymentRefusal>> => {
    const amountFen = typedFen(input.amountYuan);
    if (amountFen === null) return refuse({ code: 'amountOutOfRange', maxFen: `${TOP_UP_FEN_MAX}` });
    const { route, reason } = input;
    const payee = input.route === 'bank' ? { name: input.name, bank: input.bank, account: input.account } : null;
    const asked = await askRefund(await customerCtx(orgSlug), { route, amountFen, payee, reason }, token);
    return asked.ok ? accept(null) : asked;
  });
}

/** Takes a request back while nobody has decided it. */
export async function withdrawAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ refundId: z.string().max(64) }), async ({ refundId }) =>
    withdrawRefund(await customerCtx(orgSlug), refundId),
  );
}
