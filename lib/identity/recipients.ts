import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { withTx } from '#lib/platform/db.ts';
import { authorizeTenant } from './authorize.ts';
import { unsafeWide } from './scope.ts';
import { findOrganisationBySlug } from './organisation-store.ts';

/** The organisation with exactly this address, to hand something to; null when there is none. Nothing else of it is told. */
export async function findRecipient(ctx: Ctx, slug: string): Promise<Id<'organisation'> | null> {
  authorizeTenant(ctx, 'reservation:change');
  return withTx(unsafeWide(ctx), (tx) => findOrganisationBySlug(tx, slug.trim().toLowerCase()));
}
