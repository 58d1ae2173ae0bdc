'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { submit } from '#app/_edge/submit.ts';
import type { FormState } from '#components/form/form-state.ts';
import type { Instant } from '#lib/core/instant.ts';
import { accept } from '#lib/core/result.ts';
import { customerCtx } from '#lib/identity/context.ts';
import { inviteMember, revokeInvitation } from '#lib/identity/invitations.ts';
import { changeMemberRole, leaveOrganisation, removeMember } from '#lib/identity/members.ts';
import { invitationInput, roleChangeInput } from '#lib/identity/types.ts';
import { environment } from '#lib/platform/environment.ts';

export type InvitationLink = { readonly link: string; readonly email: string; readonly expiresAt: Instant };

/** Invites somebody and answers the link, this once. */
export async function inviteAction(
  orgSlug: string,
  _: FormState<InvitationLink>,
  form: FormData,
): Promise<FormState<InvitationLink>> {
  return submit(form, invitationInput, async (input) => {
    const invited = await inviteMember(await customerCtx(orgSlug), input);
    if (!invited.ok) return invited;
    const { token, email, expiresAt } = invited.value;
    return accept({ link: `${environment().publicUrl}/invite/${token}`, email, expiresAt });
  });
}

/** Takes an invitation back. */
export async function revokeInvitationAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, z.object({ id: z.string() }), async (input) =>
    revokeInvitation(await customerCtx(orgSlug), input),
  );
}

/** Gives a member another role. */
export async function changeRoleAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, roleChangeInput, async (input) => changeMemberRole(await customerCtx(orgSlug), input));
}

/** Ends somebody's membership. */
export async function removeMemberAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  return submit(form, roleChangeInput.pick({ userId: true }), async (input) =>
    removeMember(await customerCtx(orgSlug), input),
  );
}

/** Ends one's own membership and goes to what else there is. */
export async function leaveAction(orgSlug: string, _: FormState, form: FormData): Promise<FormState> {
  const state = await submit(form, z.object({}), async () => leaveOrganisation(await customerCtx(orgSlug)));
  if (state.status === 'done') redirect('/console');
  return state;
}
