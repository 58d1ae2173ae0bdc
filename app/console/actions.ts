'use server';

import { redirect } from 'next/navigation';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { personCtx } from '#lib/identity/context.ts';
import { createOrganisation } from '#lib/identity/organisations.ts';
import { organisationInput } from '#lib/identity/types.ts';

/** Founds an organisation and goes to its console. */
export async function createOrganisationAction(_: FormState<string>, form: FormData): Promise<FormState<string>> {
  const state = await submit(form, organisationInput, async (input) => {
    const founded = await createOrganisation(await personCtx(), input);
    return founded.ok ? accept(founded.value.slug) : founded;
  });
  if (state.status === 'done') redirect(`/console/${state.value}`);
  return state;
}
