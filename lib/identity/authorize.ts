import { type Actor, actorLabel, type Ctx, type CustomerRole } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { isPermitted, type Permission } from './permissions.ts';

/** Nobody is signed in, and the action needs somebody. */
export class SignInRequired extends Error {
  override readonly name = 'SignInRequired';
}

/** The actor may not do this. What belongs to another tenant does not exist for them, so the edge answers 404 there. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

function refuseActor(actor: Actor, permission: Permission): never {
  if (actor.kind === 'visitor') throw new SignInRequired(`${permission} needs somebody signed in`);
  throw new Forbidden(`${actorLabel(actor)} may not ${permission}`);
}

/** The first statement of every service: throws {@link SignInRequired} or {@link Forbidden} unless the table permits. */
export function authorize(ctx: Ctx, permission: Permission): void {
  if (!isPermitted(ctx.actor, permission)) refuseActor(ctx.actor, permission);
}

/** As {@link authorize}, for actions of an organisation; returns whose, from the actor and never from input. */
export function authorizeTenant(ctx: Ctx, permission: Permission): Id<'organisation'> {
  authorize(ctx, permission);
  if (ctx.scope.kind !== 'organisation') refuseActor(ctx.actor, permission);
  return ctx.scope.organisationId;
}

/** As {@link authorize}, for actions of a person; returns who. */
export function authorizePerson(ctx: Ctx, permission: Permission): Id<'user'> {
  authorize(ctx, permission);
  const { actor } = ctx;
  if (actor.kind !== 'user' && actor.kind !== 'customer' && actor.kind !== 'staff') refuseActor(actor, permission);
  return actor.userId;
}

/** Who acts as a member of an organisation: a person, not a key. */
export type MemberActor = {
  readonly organisationId: Id<'organisation'>;
  readonly userId: Id<'user'>;
  readonly role: CustomerRole;
};

/** As {@link authorizeTenant}, for what only a person may do: a key can neither invite people nor make keys. */
export function authorizeMember(ctx: Ctx, permission: Permission): MemberActor {
  authorize(ctx, permission);
  const { actor } = ctx;
  if (actor.kind !== 'customer') refuseActor(actor, permission);
  return { organisationId: actor.organisationId, userId: actor.userId, role: actor.role };
}
