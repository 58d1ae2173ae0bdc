'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { decideRefund, failRefund, payRefund } from '#lib/payments/carrying-out.ts';

const refundId = z.string().max(64);
const reason = z.string().trim().min(1).max(200);

/** Approves a refund. */
export async function approveAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ refundId }), async (input) =>
    decideRefund(await staffCtx(), { ...input, isApproved: true, reason: '' }),
  );
}

/** Declines a refund with a reason. */
export async function declineAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ refundId, reason }), async (input) =>
    decideRefund(await staffCtx(), { ...input, isApproved: false }),
  );
}

/** Records that the bank paid a refund. */
export async function payAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ refundId, bankReference: z.string().trim().min(1).max(64) }), async (input) =>
    payRefund(await staffCtx(), input),
  );
}

/** Records that a refund failed. */
export async function failAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ refundId, reason }), async (input) => failRefund(await staffCtx(), input));
}
