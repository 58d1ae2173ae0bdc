'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { requestRed } from '#lib/fapiao/reds.ts';
import { requestFapiao, withdrawFapiao } from '#lib/fapiao/requests.ts';
import { chooseDefaultTitle, removeTitle, saveTitle } from '#lib/fapiao/titles.ts';
import { fapiaoRequest, redRequest, titleInput } from '#lib/fapiao/types.ts';
import { customerCtx } from '#lib/identity/context.ts';

const titleId = z.object({ titleId: z.string() });

/** Keeps a new or a changed title. */
export async function saveTitleAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, titleInput.extend({ titleId: z.string().optional() }), async (input) => {
    const saved = await saveTitle(await customerCtx(orgSlug), input);
    return saved.ok ? accept(null) : saved;
  });
}

/** Takes a title out of use. */
export async function removeTitleAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, titleId, async (input) => removeTitle(await customerCtx(orgSlug), input.titleId));
}

/** Makes a title the one that new requests begin with. */
export async function defaultTitleAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, titleId, async (input) => chooseDefaultTitle(await customerCtx(orgSlug), input.titleId));
}

/** Asks for a fapiao over the chosen invoices, and goes to it. */
export async function requestAction(
  orgSlug: string,
  _: FormState<{ readonly id: string }>,
  form: FormData,
): Promise<FormState<{ readonly id: string }>> {
  // A form names a field once; the invoices that are ticked come under one name.
  form.set('invoiceIds', form.getAll('invoice').join(' '));
  form.delete('invoice');
  const invoiceIds = z.string().transform((text) => text.split(' ').filter((id) => id !== ''));
  const schema = fapiaoRequest.extend({ invoiceIds: invoiceIds.pipe(fapiaoRequest.shape.invoiceIds) });
  const state = await submit(form, schema, async (wish, key) => {
    const asked = await requestFapiao(await customerCtx(orgSlug), wish, key);
    return asked.ok ? accept({ id: asked.value.id }) : asked;
  });
  if (state.status === 'done') redirect(`/console/${orgSlug}/fapiao/${state.value.id}`);
  return state;
}

/** Takes a request back. */
export async function withdrawAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ fapiaoId: z.string() }), async (input) =>
    withdrawFapiao(await customerCtx(orgSlug), input.fapiaoId),
  );
}

/** Asks to take an issued fapiao back. */
export async function redAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, redRequest, async (wish, key) => {
    const asked = await requestRed(await customerCtx(orgSlug), wish, key);
    return asked.ok ? accept(null) : asked;
  });
}
