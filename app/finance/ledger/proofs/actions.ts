'use server';

import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { proveLedger } from '#lib/ledger/books.ts';
import type { TimedProof } from '#lib/ledger/view-types.ts';

/** Proves the ledger as it stands and answers every proof's result. */
export async function proveAction(
  _: FormState<readonly TimedProof[]>,
  form: FormData,
): Promise<FormState<readonly TimedProof[]>> {
  return submit(form, z.object({}), async () => accept(await proveLedger(await staffCtx())));
}
