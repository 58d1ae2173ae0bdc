'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { authenticate } from '#app/_edge/authenticate.ts';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { requestLocale } from '#lib/i18n/server.ts';
import { personCtx, visitorCtx } from '#lib/identity/context.ts';
import { acceptInvitation, signUpInvited } from '#lib/identity/invitations.ts';
import { signUpInvitedInput } from '#lib/identity/types.ts';

/** Joins with the account that is signed in. */
export async function acceptAction(token: string, _: FormState<string>, form: FormData): Promise<FormState<string>> {
  const state = await submit(form, z.object({}), async () => {
    const joined = await acceptInvitation(await personCtx(), { token });
    return joined.ok ? accept(joined.value.slug) : joined;
  });
  if (state.status === 'done') redirect(`/console/${state.value}`);
  return state;
}

/** Opens an account for the invited address, joins and signs in. */
export async function signUpInvitedAction(
  token: string,
  _: FormState<string>,
  form: FormData,
): Promise<FormState<string>> {
  const state = await submit(form, signUpInvitedInput.omit({ token: true, locale: true }), async (fields) => {
    const input = { ...fields, token, locale: await requestLocale() };
    const joined = await signUpInvited(await visitorCtx(), input);
    if (!joined.ok) return joined;
    const { email, slug } = joined.value;
    const session = await authenticate({ email, password: input.password });
    return accept(session.ok ? `/console/${slug}` : '/sign-in?opened=1');
  });
  if (state.status === 'done') redirect(state.value);
  return state;
}
