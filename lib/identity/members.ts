import 'server-only';
import { record } from '#lib/audit/record.ts';
import type { Ctx, CustomerRole } from '#lib/core/context.ts';
import { type Id, parseId } from '#lib/core/id.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { withTx } from '#lib/platform/db.ts';
import { authorizeMember, authorizeTenant } from './authorize.ts';
import { decideMemberChange } from './member-rules.ts';
import { findSeat, lockOrganisation, saveSeat, selectMembers } from './organisation-store.ts';
import type { Member, MemberRefusal, RoleChangeInput } from './types.ts';

/** The members of the actor's organisation, the longest there first. */
export async function listMembers(ctx: Ctx): Promise<Member[]> {
  const organisationId = authorizeTenant(ctx, 'member:read');
  return withTx(ctx, (tx) => selectMembers(tx, organisationId));
}

/** Gives a member another role; it holds from their next request. */
export async function changeMemberRole(ctx: Ctx, input: RoleChangeInput): Promise<Result<null, MemberRefusal>> {
  authorizeMember(ctx, 'member:manage');
  return changeSeat(ctx, 'member:manage', { userId: parseId('user', input.userId), role: input.role });
}

/** Ends somebody's membership. Keys they made stay, because programs of the organisation may run on them. */
export async function removeMember(ctx: Ctx, input: { userId: string }): Promise<Result<null, MemberRefusal>> {
  authorizeMember(ctx, 'member:manage');
  return changeSeat(ctx, 'member:manage', { userId: parseId('user', input.userId), role: null });
}

/** Ends one's own membership; the last owner stays. */
export async function leaveOrganisation(ctx: Ctx): Promise<Result<null, MemberRefusal>> {
  const { userId } = authorizeMember(ctx, 'member:leave');
  return changeSeat(ctx, 'member:leave', { userId, role: null });
}

type SeatChange = { readonly userId: Id<'user'> | null; readonly role: CustomerRole | null };

async function changeSeat(
  ctx: Ctx,
  permission: 'member:manage' | 'member:leave',
  { userId, role }: SeatChange,
): Promise<Result<null, MemberRefusal>> {
  const { organisationId, userId: actorId } = authorizeMember(ctx, permission);
  if (userId === null) return refuse({ code: 'memberUnknown' });
  return withTx(ctx, async (tx) => {
    // Two owners who demote one another at once must not leave the organisation without one, and who has just been
    // demoted no longer decides: the rights are those of the role behind the lock.
    await lockOrganisation(tx, organisationId);
    const own = await findSeat(tx, { organisationId, userId: actorId });
    if (own.role === null) return refuse({ code: 'memberUnknown' });
    const actor = { kind: 'customer', userId: actorId, organisationId, role: own.role } as const;
    authorizeMember({ ...ctx, actor }, permission);
    const seat = await findSeat(tx, { organisationId, userId });
    const decided = decideMemberChange({ by: own.role, from: seat.role, to: role, owners: seat.owners });
    if (!decided.ok) return decided;
    await saveSeat(tx, { organisationId, userId }, role);
    const data = { from: decided.value, ...(role !== null && { to: role }) };
    await record(ctx, tx, role === null ? 'member.removed' : 'member.roleChanged', userId, data);
    return accept(null);
  });
}
