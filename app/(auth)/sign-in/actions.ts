'use server';

import { redirect } from 'next/navigation';
import { authenticate } from '#app/_edge/authenticate.ts';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { safePath } from '#lib/identity/safe-path.ts';
import { signInInput } from '#lib/identity/types.ts';

/** Signs in and goes where the person wanted to go. */
export async function signInAction(next: string | null, _: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, signInInput, async (input) => {
    const result = await authenticate(input);
    return result.ok ? accept(null) : result;
  });
  if (state.status === 'done') redirect(safePath(next) ?? '/console');
  return state;
}
