import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { selectEvents } from './store.ts';
import type { AuditEvent, AuditFilter } from './types.ts';

const PAGE = { default: 50, max: 200 };

/** Who did what, newest first: the actor's organisation's events, or everybody's for staff. */
export async function listAudit(ctx: Ctx, filter: AuditFilter = {}): Promise<AuditEvent[]> {
  authorize(ctx, 'audit:read');
  const limit = Math.min(Math.max(filter.limit ?? PAGE.default, 1), PAGE.max);
  return withTx(ctx, (tx) => selectEvents(tx, ctx.scope, { ...filter, limit }));
}
