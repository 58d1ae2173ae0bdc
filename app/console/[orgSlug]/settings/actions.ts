'use server';

import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { renameOrganisation } from '#lib/identity/organisations.ts';
import { organisationInput } from '#lib/identity/types.ts';

/** Renames the organisation. */
export async function renameAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, organisationInput, async (input) => {
    await renameOrganisation(await customerCtx(orgSlug), input);
    return accept(null);
  });
}
