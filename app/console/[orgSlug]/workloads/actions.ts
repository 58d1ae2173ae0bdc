'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { cancelWorkload, submitWorkload } from '#lib/workloads/service.ts';
import { workloadInput } from '#lib/workloads/types.ts';

type Submitted = { readonly workloadId: string };

const submission = workloadInput
  .omit({ walltimeSeconds: true })
  .extend({ cards: z.coerce.number(), walltimeMinutes: z.coerce.number() })
  .transform(({ walltimeMinutes, ...rest }) => ({ ...rest, walltimeSeconds: walltimeMinutes * 60 }));

/** Hands a workload in and goes to its page. */
export async function submitWorkloadAction(
  orgSlug: string,
  _: FormState<Submitted>,
  form: FormData,
): Promise<FormState<Submitted>> {
  const state = await submit(form, submission, async (input, key) =>
    submitWorkload(await customerCtx(orgSlug), { ...input, idempotencyKey: `web:${key}` }),
  );
  if (state.status === 'done') redirect(`/console/${orgSlug}/workloads/${state.value.workloadId}`);
  return state;
}

/** Asks for a workload to be stopped. */
export async function cancelWorkloadAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ workloadId: z.string().max(64) }), async (input) =>
    cancelWorkload(await customerCtx(orgSlug), input),
  );
}
