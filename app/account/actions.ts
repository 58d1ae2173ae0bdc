'use server';

import { cookies } from 'next/headers';
import { z } from 'zod';
import { setLocaleCookie } from '#app/_edge/authenticate.ts';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import { accept } from '#lib/core/result.ts';
import { updateProfile } from '#lib/identity/accounts.ts';
import { personCtx } from '#lib/identity/context.ts';
import { readSessionSecret } from '#lib/identity/session-cookie.ts';
import { changePassword, revokeSession } from '#lib/identity/sign-in.ts';
import { passwordChangeInput, profileInput } from '#lib/identity/types.ts';

/** Changes one's own name and language; the language takes effect on this device too. */
export async function profileAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, profileInput, async (input) => {
    await updateProfile(await personCtx(), input);
    setLocaleCookie(await cookies(), input.locale);
    return accept(null);
  });
}

export type PasswordChanged = { readonly endedSessions: number };

/** Changes one's own password and ends the other sessions. */
export async function passwordAction(
  _: FormState<PasswordChanged>,
  form: FormData,
): Promise<FormState<PasswordChanged>> {
  return submit(form, passwordChangeInput, async (input) => {
    const secret = (await readSessionSecret()) ?? '';
    return changePassword(await personCtx(), { ...input, secret });
  });
}

/** Ends one of one's own sessions. */
export async function revokeSessionAction(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ id: z.string() }), async (input) => revokeSession(await personCtx(), input));
}
