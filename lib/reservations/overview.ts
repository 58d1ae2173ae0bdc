import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorizeTenant } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { type LatestEvent, readLatestEvents } from './overview-store.ts';

/** The newest events of the organisation's reservations, newest first, at most `take`. */
export async function listLatestEvents(ctx: Ctx, take: number): Promise<LatestEvent[]> {
  const organisationId = authorizeTenant(ctx, 'reservation:read');
  return withTx(ctx, (tx) => readLatestEvents(tx, organisationId, take));
}
