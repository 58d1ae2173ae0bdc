'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { decideCreditNote } from '#lib/billing/credit-notes/service.ts';
import { decideWaiver } from '#lib/billing/gaps/waivers.ts';
import { decideReopening } from '#lib/billing/reopening/service.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { decideReversal } from '#lib/payments/reversals.ts';

const nothing = z.object({});

/** Issues a proposed credit note, or declines it. */
export async function decideCreditNoteAction(
  creditNoteId: string,
  isApproved: boolean,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return submit(form, nothing, async () => decideCreditNote(await staffCtx(), { creditNoteId, isApproved }));
}

/** Reverses the journal of a proposal, or declines it. */
export async function decideReversalAction(
  requestId: string,
  isApproved: boolean,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return submit(form, nothing, async () => decideReversal(await staffCtx(), { requestId, isApproved }));
}

/** Agrees to a reopening of a month, or declines it. */
export async function decideReopeningAction(
  reopeningId: string,
  isApproved: boolean,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return submit(form, nothing, async () => decideReopening(await staffCtx(), { reopeningId, isApproved }));
}

/** Agrees that an hour that was left out is not charged, or declines it. */
export async function decideWaiverAction(
  waiverId: string,
  isApproved: boolean,
  _: FormState,
  form: FormData,
): Promise<FormState> {
  return submit(form, nothing, async () => decideWaiver(await staffCtx(), { waiverId, isApproved }));
}
