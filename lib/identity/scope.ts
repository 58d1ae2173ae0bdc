import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { TxContext } from '#lib/platform/db.ts';

/**
 * The same actor with the system's view of the rows. Accounts, sessions and invitations belong to no organisation, so
 * a tenant's scope shows none of them; whoever uses this must put the person into every `where` by hand. Identity only.
 */
export function unsafeWide(ctx: Ctx): TxContext {
  return { actor: ctx.actor, requestId: ctx.requestId, scope: { kind: 'system' } };
}
