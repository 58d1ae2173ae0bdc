import 'server-only';
import { z } from 'zod';
import type { Ctx } from '#lib/core/context.ts';
import { parseId } from '#lib/core/id.ts';
import { refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { withTx } from '#lib/platform/db.ts';
import type { SparesPreview, SparesView } from './maintenance-view-types.ts';
import { type ChangeResult, commandPool } from './service.ts';
import { chooseSpares, SPARE_BPS_MAX } from './spare-choice.ts';
import { readSpareCandidates, readSpares } from './spares-store.ts';

/** A share of spares in basis points. */
export const spareBps = z.number().int().min(0).max(SPARE_BPS_MAX);

/** The spares of each pool: the share, who set it, how many are ready and how many stand in. */
export async function listSpares(ctx: Ctx): Promise<SparesView[]> {
  authorize(ctx, 'inventory:read');
  return withTx(ctx, (tx) => readSpares(tx, ctx.now));
}

/**
 * What another share would do to what a pool sells, as it stands now; null when there is no such pool. It changes nothing,
 * and does not ask the plan: promises may still refuse the share when it is set.
 */
export async function previewSpares(
  ctx: Ctx,
  { poolId, shareBps }: { readonly poolId: string; readonly shareBps: number },
): Promise<SparesPreview | null> {
  authorize(ctx, 'maintenance:plan');
  if (parseId('pool', poolId) === null) return null;
  return withTx(ctx, async (tx) => {
    const pool = (await readSpares(tx, ctx.now)).find((each) => each.poolId === poolId);
    if (!pool) return null;
    const { toSpare, toSale, short } = chooseSpares(await readSpareCandidates(tx, poolId, ctx.now), shareBps);
    const moved = toSpare.length - toSale.length;
    return {
      poolId: pool.poolId,
      before: { shareBps: pool.shareBps, spares: pool.cards, onSale: pool.onSale },
      after: { shareBps, spares: pool.cards + moved, onSale: pool.onSale - moved },
      short,
    };
  });
}

/** Sets the share of a pool that is kept from sale. The pool's leader decides; who asked, and why, is on record. */
export async function setSpares(
  ctx: Ctx,
  input: {
    readonly poolId: string;
    readonly shareBps: number;
    readonly reason: string;
    readonly idempotencyKey: string;
  },
): Promise<ChangeResult> {
  authorize(ctx, 'maintenance:plan');
  const { shareBps, reason, idempotencyKey } = input;
  const payload = { kind: 'setSpares', shareBps, reason } as const;
  const poolId = parseId('pool', input.poolId);
  if (poolId === null || !(await listSpares(ctx)).some((pool) => pool.poolId === poolId))
    return refuse({ code: 'poolUnknown' });
  return commandPool(ctx, 'maintenance:plan', { poolId, payload, request: { ...payload, poolId }, idempotencyKey });
}
