import { type Actor, CUSTOMER_ROLES, type CustomerRole } from '#lib/core/context.ts';

/** True for an owner of the organisation in sight. */
export function isOwner(actor: Actor): boolean {
  return actor.kind === 'customer' && actor.role === 'owner';
}

/** The roles that somebody may hand out: only owners make owners. */
export function grantableRoles(actor: Actor): CustomerRole[] {
  return CUSTOMER_ROLES.filter((role) => role !== 'owner' || isOwner(actor));
}
