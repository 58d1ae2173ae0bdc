import 'server-only';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import { accept, type Result } from '#lib/core/result.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { countUnread, readNotices, writeRead } from './store.ts';
import type { Notice } from './types.ts';

/** A page of what the actor's organisation was told, newest first. */
export async function listNotices(
  ctx: Ctx,
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: Notice[]; total: number }> {
  const organisationId = authorizeTenant(ctx, 'notice:read');
  return withTx(ctx, (tx) => readNotices(tx, organisationId, page));
}

/** How many notices of the actor's organisation nobody has read. */
export async function countUnreadNotices(ctx: Ctx): Promise<number> {
  const organisationId = authorizeTenant(ctx, 'notice:read');
  return withTx(ctx, (tx) => countUnread(tx, organisationId));
}

/** Marks everything that there is now as read, for the whole organisation. Again, it changes nothing. */
export async function markNoticesRead(ctx: Ctx): Promise<Result<null, never>> {
  const organisationId = authorizeTenant(ctx, 'notice:read');
  await withTx(ctx, (tx) => writeRead(tx, organisationId, { by: actorLabel(ctx.actor), at: ctx.now }));
  return accept(null);
}
