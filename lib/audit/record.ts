import 'server-only';
import { canonicalJson } from '#lib/core/canonical.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import type { Tx } from '#lib/platform/db.ts';
import { insertEvent } from './store.ts';
import type { AuditAction, AuditData } from './types.ts';

/**
 * Records that the actor did something, in the transaction that does it: both are saved or neither. The event belongs
 * to the scope's organisation; staff and jobs name the one they acted for, so that its members can read it too.
 */
export async function record(
  ctx: Ctx,
  tx: Tx,
  action: AuditAction,
  target: string,
  data: AuditData,
  organisationId: Id<'organisation'> | null = ctx.scope.kind === 'organisation' ? ctx.scope.organisationId : null,
): Promise<void> {
  await insertEvent(tx, {
    at: ctx.now,
    actor: actorLabel(ctx.actor),
    organisationId,
    action,
    target,
    data: JSON.parse(canonicalJson(data)),
    requestId: ctx.requestId,
  });
}
