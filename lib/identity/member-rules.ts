import type { CustomerRole } from '#lib/core/context.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { MemberRefusal } from './types.ts';

type Change = {
  /** The role of who changes. */
  readonly by: CustomerRole;
  /** The member's role now; null when there is no such member. */
  readonly from: CustomerRole | null;
  /** The role afterwards; null when the member leaves. */
  readonly to: CustomerRole | null;
  /** How many owners the organisation has now. */
  readonly owners: number;
};

/**
 * Whether a member's role may change or end. Only owners make or unmake owners, and an organisation always keeps one:
 * else nobody could ever pay its invoices or close it.
 */
export function decideMemberChange({ by, from, to, owners }: Change): Result<CustomerRole, MemberRefusal> {
  if (from === null) return refuse({ code: 'memberUnknown' });
  const touchesOwner = from === 'owner' || to === 'owner';
  if (touchesOwner && by !== 'owner') return refuse({ code: 'ownerOnly' });
  if (from === 'owner' && to !== 'owner' && owners <= 1) return refuse({ code: 'lastOwner' });
  return accept(from);
}
