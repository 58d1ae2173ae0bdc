import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, type Instant, plusMs } from '#lib/core/instant.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { hashSecret, newId, newSecret } from '#lib/platform/random.ts';
import { authorize, authorizeMember, authorizePerson, authorizeTenant } from './authorize.ts';
import { hashPassword } from './password.ts';
import { checkNewPassword } from './password-rules.ts';
import { unsafeWide } from './scope.ts';
import {
  type InvitationRow,
  endInvitation,
  findInvitationRow,
  insertInvitation,
  selectOpenInvitations,
} from './invitation-store.ts';
import { insertMember, lockOrganisation, selectMembers } from './organisation-store.ts';
import { findCredentials, insertUser } from './user-store.ts';
import type {
  InvitationInput,
  InvitationView,
  PasswordRefusal,
  PendingInvitation,
  Refused,
  SignUpInvitedInput,
} from './types.ts';

const LIFE_MS = 7 * DAY_MS;
const OPEN_MAX = 50;

type StateRefusal = Refused<'invitationUnknown' | 'invitationExpired' | 'invitationAnswered'>;

/** The organisation's invitations that can still be answered, newest first. */
export async function listInvitations(ctx: Ctx): Promise<PendingInvitation[]> {
  const organisationId = authorizeTenant(ctx, 'member:manage');
  return withTx(ctx, (tx) => selectOpenInvitations(tx, organisationId, ctx.now));
}

export type Invited = { readonly token: string; readonly email: string; readonly expiresAt: Instant };

/**
 * Invites an address for seven days. The token is answered once and only its hash is kept; an earlier open invitation
 * of the same address ends. Whoever opens the link still has to be, or become, the owner of the address's account.
 */
export async function inviteMember(
  ctx: Ctx,
  { email, role }: InvitationInput,
): Promise<Result<Invited, Refused<'memberAlready' | 'invitationsTooMany' | 'ownerOnly'>>> {
  const { organisationId, userId, role: ownRole } = authorizeMember(ctx, 'member:manage');
  if (role === 'owner' && ownRole !== 'owner') return refuse({ code: 'ownerOnly' });
  return withTx(ctx, async (tx) => {
    await lockOrganisation(tx, organisationId);
    const members = await selectMembers(tx, organisationId);
    if (members.some((member) => member.email === email)) return refuse({ code: 'memberAlready' });
    const open = await selectOpenInvitations(tx, organisationId, ctx.now);
    if (open.length >= OPEN_MAX) return refuse({ code: 'invitationsTooMany', invitationsMax: OPEN_MAX });
    const token = newSecret();
    const invitation = {
      id: newId('invitation', ctx.now),
      createdAt: ctx.now,
      expiresAt: plusMs(ctx.now, LIFE_MS),
      tokenHash: hashSecret(token),
      invitedBy: userId,
    };
    await insertInvitation(tx, { ...invitation, organisationId, email, role });
    await record(ctx, tx, 'member.invited', invitation.id, { role });
    return accept({ token, email, expiresAt: invitation.expiresAt });
  });
}

/** Takes an invitation back; its link stops at once. */
export async function revokeInvitation(
  ctx: Ctx,
  { id }: { id: string },
): Promise<Result<null, Refused<'invitationUnknown'>>> {
  const { organisationId } = authorizeMember(ctx, 'member:manage');
  return withTx(ctx, async (tx) => {
    if (!(await endInvitation(tx, { id, organisationId }, { revokedAt: ctx.now }))) {
      return refuse({ code: 'invitationUnknown' });
    }
    await record(ctx, tx, 'member.invitationRevoked', id, {});
    return accept(null);
  });
}

async function openInvitation(ctx: Ctx, tx: Tx, token: string): Promise<Result<InvitationRow, StateRefusal>> {
  const invitation = await findInvitationRow(tx, hashSecret(token));
  if (invitation === null || invitation.isRevoked) return refuse({ code: 'invitationUnknown' });
  if (invitation.isAccepted) return refuse({ code: 'invitationAnswered' });
  if (invitation.expiresAt <= ctx.now) return refuse({ code: 'invitationExpired', expiredAt: invitation.expiresAt });
  return accept(invitation);
}

/** What the bearer of a link is invited to. The link is the right to read it. */
export async function findInvitation(
  ctx: Ctx,
  { token }: { token: string },
): Promise<Result<InvitationView, StateRefusal>> {
  authorize(ctx, 'invitation:read');
  return withTx(unsafeWide(ctx), async (tx) => {
    const found = await openInvitation(ctx, tx, token);
    if (!found.ok) return found;
    const { organisationName, organisationSlug, email, role, expiresAt } = found.value;
    const hasAccount = (await findCredentials(tx, { email })) !== null;
    return accept({ organisationName, organisationSlug, email, role, expiresAt, hasAccount });
  });
}

async function seat(
  ctx: Ctx,
  tx: Tx,
  invitation: InvitationRow,
  userId: Id<'user'>,
): Promise<Result<{ readonly slug: string }, Refused<'invitationAnswered' | 'memberAlready'>>> {
  const { id, organisationId, role } = invitation;
  // The guarded update decides between two answers at once: one of them finds it open.
  if (!(await endInvitation(tx, { id, organisationId }, { acceptedAt: ctx.now }))) {
    return refuse({ code: 'invitationAnswered' });
  }
  if (!(await insertMember(tx, { organisationId, userId }, role, ctx.now))) {
    return refuse({ code: 'memberAlready' });
  }
  await record(ctx, tx, 'member.joined', userId, { role, invitation: id }, organisationId);
  return accept({ slug: invitation.organisationSlug });
}

/** Joins an organisation with the account one has; the invitation must be addressed to it. */
export async function acceptInvitation(
  ctx: Ctx,
  { token }: { token: string },
): Promise<
  Result<{ readonly slug: string }, StateRefusal | Refused<'invitationForAnother' | 'memberAlready' | 'accountIsStaff'>>
> {
  const userId = authorizePerson(ctx, 'account:manageOwn');
  return withTx(unsafeWide(ctx), async (tx) => {
    const invitation = await openInvitation(ctx, tx, token);
    if (!invitation.ok) return invitation;
    const account = await findCredentials(tx, { id: userId });
    if (account?.email !== invitation.value.email) return refuse({ code: 'invitationForAnother' });
    if (account.kind === 'staff') return refuse({ code: 'accountIsStaff' });
    return seat(ctx, tx, invitation.value, userId);
  });
}

/** Opens an account for the invited address and joins with it, in one step. Signing in is a second step. */
export async function signUpInvited(
  ctx: Ctx,
  input: SignUpInvitedInput,
): Promise<
  Result<
    { readonly slug: string; readonly email: string },
    StateRefusal | PasswordRefusal | Refused<'emailTaken' | 'memberAlready'>
  >
> {
  authorize(ctx, 'account:signUp');
  const found = await withTx(unsafeWide(ctx), (tx) => openInvitation(ctx, tx, input.token));
  if (!found.ok) return found;
  const { email } = found.value;
  const password = checkNewPassword(input.password, email);
  if (!password.ok) return password;
  const passwordHash = await hashPassword(password.value);
  return withTx(unsafeWide(ctx), async (tx) => {
    const invitation = await openInvitation(ctx, tx, input.token);
    if (!invitation.ok) return invitation;
    const { name, locale } = input;
    const userId = newId('user', ctx.now);
    const user = { id: userId, kind: 'customer', email, name, locale, passwordHash, at: ctx.now } as const;
    if (!(await insertUser(tx, user))) return refuse({ code: 'emailTaken' });
    await record(ctx, tx, 'account.opened', userId, { kind: 'customer' });
    const seated = await seat(ctx, tx, invitation.value, userId);
    return seated.ok ? accept({ slug: seated.value.slug, email }) : seated;
  });
}
