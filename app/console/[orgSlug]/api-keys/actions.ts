'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { createApiKey, revokeApiKey } from '#lib/identity/api-keys.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { apiKeyInput } from '#lib/identity/types.ts';

export type NewSecret = { readonly name: string; readonly secret: string };

/** Makes a key and answers its secret, this once. */
export async function createKeyAction(
  orgSlug: string,
  _: FormState<NewSecret>,
  form: FormData,
): Promise<FormState<NewSecret>> {
  return submit(form, apiKeyInput, async (input) => {
    const created = await createApiKey(await customerCtx(orgSlug), input);
    return created.ok ? accept({ name: created.value.key.name, secret: created.value.secret }) : created;
  });
}

/** Revokes a key for good. */
export async function revokeKeyAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ id: z.string() }), async (input) => revokeApiKey(await customerCtx(orgSlug), input));
}
