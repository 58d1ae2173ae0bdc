'use server';

import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { setDueTerms } from '#lib/billing/receivables/service.ts';
import { dueTermsInput } from '#lib/billing/receivables/types.ts';
import { staffCtx } from '#lib/identity/context.ts';

/** Sets within how many days an organisation pays from now on. */
export async function setTermsAction(organisationId: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, dueTermsInput.omit({ organisationId: true }), async (input) =>
    setDueTerms(await staffCtx(), { organisationId, ...input }),
  );
}
