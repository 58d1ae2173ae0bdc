import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import { readPoolStatus } from './status-store.ts';
import type { PoolStatus } from './status-types.ts';

/** Who leads each pool, what waits for a decision, and up to when cards are proven. */
export async function listPoolStatus(ctx: Ctx): Promise<PoolStatus[]> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, readPoolStatus);
}
