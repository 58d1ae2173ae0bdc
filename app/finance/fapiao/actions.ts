'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { makeBatch, refuseFapiao } from '#lib/fapiao/exchange.ts';
import { beginRed, confirmRed } from '#lib/fapiao/reds.ts';
import { saveFapiaoFile } from '#lib/fapiao/service.ts';
import { confirmationInput, FILE_BYTES_MAX, redRequest, refusalInput } from '#lib/fapiao/types.ts';
import { staffCtx } from '#lib/identity/context.ts';

/** Takes what waits into a batch. */
export async function makeBatchAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({}), async () => {
    const made = await makeBatch(await staffCtx());
    return made.ok ? accept(null) : made;
  });
}

/** Declines a request. */
export async function refuseAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, refusalInput, async (input) => {
    const refused = await refuseFapiao(await staffCtx(), input);
    return refused.ok ? accept(null) : refused;
  });
}

/** Keeps the number of a red letter. */
export async function confirmAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, confirmationInput, async (input) => confirmRed(await staffCtx(), input));
}

/** Begins to take an issued fapiao back. */
export async function beginRedAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, redRequest, async (wish, key) => {
    const begun = await beginRed(await staffCtx(), wish, key);
    return begun.ok ? accept(null) : begun;
  });
}

/** Keeps a document of an issued fapiao. */
export async function saveFileAction(_: FormState, form: FormData): Promise<FormState> {
  const file = form.get('file');
  return submit(form, z.object({ fapiaoId: z.string() }), async ({ fapiaoId }) => {
    // What is too large is not even read; the service refuses nothing as it refuses too much.
    const isReadable = file instanceof File && file.size <= FILE_BYTES_MAX;
    const bytes = isReadable ? await file.arrayBuffer() : new ArrayBuffer(0);
    return saveFapiaoFile(await staffCtx(), { fapiaoId, bytes: new Uint8Array(bytes) });
  });
}
