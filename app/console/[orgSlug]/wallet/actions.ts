'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { payInvoice } from '#lib/billing/receivables/paying.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Fen } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { announceTransfer, cancelTransfer, topUpInSandbox } from '#lib/payments/top-ups.ts';
import { typedFen } from '#lib/payments/typed-amount.ts';
import { type Payment, type PaymentRefusal, TOP_UP_FEN_MAX, topUpInput } from '#lib/payments/types.ts';

type TopUp = (ctx: Ctx, amountFen: Fen, key: string) => Promise<Result<Payment, PaymentRefusal>>;

/** Reads the amount, asks the service, and goes to the payment that it made. */
async function toPayment(orgSlug: string, form: FormData, topUp: TopUp): Promise<FormState<Payment>> {
  const state = await submit(
    form,
    topUpInput,
    async ({ amountYuan }, key): Promise<Result<Payment, PaymentRefusal>> => {
      const amountFen = typedFen(amountYuan);
      if (amountFen === null) return refuse({ code: 'amountOutOfRange', maxFen: `${TOP_UP_FEN_MAX}` });
      return topUp(await customerCtx(orgSlug), amountFen, key);
    },
  );
  if (state.status === 'done') redirect(`/console/${orgSlug}/wallet/payments/${state.value.id}`);
  return state;
}

/** Announces a bank transfer and shows how to make it. */
export async function announceAction(
  orgSlug: string,
  _: FormState<Payment>,
  form: FormData,
): Promise<FormState<Payment>> {
  return toPayment(orgSlug, form, announceTransfer);
}

/** Adds play money where the sandbox is switched on. */
export async function sandboxAction(
  orgSlug: string,
  _: FormState<Payment>,
  form: FormData,
): Promise<FormState<Payment>> {
  return toPayment(orgSlug, form, topUpInSandbox);
}

/** Takes an announced transfer back. */
export async function cancelAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ paymentId: z.string().max(64) }), async ({ paymentId }) =>
    cancelTransfer(await customerCtx(orgSlug), paymentId),
  );
}

/** Pays an invoice on account from the wallet, with every older one that is open. */
export async function payInvoiceAction(
  orgSlug: string,
  invoiceId: string,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return submit(form, z.object({}), async () => {
    const paid = await payInvoice(await customerCtx(orgSlug), { invoiceId });
    return paid.ok ? accept(null) : paid;
  });
}
