'use server';

import { redirect } from 'next/navigation';
import { authenticate } from '#app/_edge/authenticate.ts';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { requestLocale } from '#lib/i18n/server.ts';
import { signUp } from '#lib/identity/accounts.ts';
import { visitorCtx } from '#lib/identity/context.ts';
import { signUpInput } from '#lib/identity/types.ts';

/** Opens an account with its organisation, signs in and goes to the organisation's console. */
export async function signUpAction(_: FormState<string>, form: FormData): Promise<FormState<string>> {
  const state = await submit(form, signUpInput.omit({ locale: true }), async (fields) => {
    const input = { ...fields, locale: await requestLocale() };
    const opened = await signUp(await visitorCtx(), input);
    if (!opened.ok) return opened;
    const session = await authenticate(input);
    return accept(session.ok ? `/console/${opened.value.slug}` : `/sign-in?opened=1`);
  });
  if (state.status === 'done') redirect(state.value);
  return state;
}
