import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { withTx } from '#lib/platform/db.ts';
import { errorText, log } from '#lib/platform/log.ts';

type PoolId = Id<'pool'>;
/** What a turn failed with, by the pool that it failed for. */
export type FailedPools = Map<PoolId, unknown>;

/** Throws what pools failed with, by their names; nothing when all went well. */
export function throwAll(failed: FailedPools): void {
  if (failed.size === 0) return;
  const reasons = [...failed].map(([id, error]) => `${id}: ${errorText(error)}`);
  throw new AggregateError(failed.values(), reasons.join('; '));
}

/** Null while the pool moves on; else since when it does not, whether more than one turn failed, and whether its lease says so. */
type Standing = { readonly since: Instant; readonly isLasting: boolean; readonly isNoted: boolean } | null;

/**
 * Which pools of an engine do not move on. A turn that fails once is tried again and tells nobody; from the second in a row on
 * the pool's lease says since when, so that staff see it (`decisions/049`).
 */
export class Troubles {
  readonly #holder: string;
  /** Pools that are not in it may have what an earlier engine left in their lease. */
  readonly #standing = new Map<PoolId, Standing>();

  constructor(holder: string) {
    this.#holder = holder;
  }

  /** How many pools fail in turn after turn. */
  get count(): number {
    return [...this.#standing.values()].filter((standing) => standing?.isLasting).length;
  }

  /** A pool is not led any more: whoever leads it meanwhile may leave something in its lease. */
  forget(poolId: PoolId): void {
    this.#standing.delete(poolId);
  }

  /** A turn failed for pools. */
  async failed(ctx: Ctx, poolIds: readonly PoolId[]): Promise<void> {
    for (const poolId of poolIds) await this.#failed(ctx, poolId);
  }

  async #failed(ctx: Ctx, poolId: PoolId): Promise<void> {
    const before = this.#standing.get(poolId);
    if (!before) {
      this.#standing.set(poolId, { since: ctx.now, isLasting: false, isNoted: false });
      return;
    }
    if (before.isNoted) return;
    const { since } = before;
    const isNoted = await this.#write(ctx, poolId, since);
    this.#standing.set(poolId, { since, isLasting: true, isNoted });
  }

  /** A turn went well for a pool. */
  async wentWell(ctx: Ctx, poolId: PoolId): Promise<void> {
    if (this.#standing.get(poolId) === null) return;
    if (await this.#write(ctx, poolId, null)) this.#standing.set(poolId, null);
  }

  /** Notes it with the lease, if that is still ours. True when the database heard it. */
  async #write(ctx: Ctx, poolId: PoolId, since: Instant | null): Promise<boolean> {
    try {
      await withTx(ctx, async (tx) => {
        if (since === null) {
          await tx.$executeRaw`UPDATE pool_lease SET troubled_since = NULL
            WHERE pool_id = ${poolId} AND holder = ${this.#holder} AND troubled_since IS NOT NULL`;
        } else {
          await tx.$executeRaw`UPDATE pool_lease SET troubled_since = coalesce(troubled_since, ${toDate(since)}::timestamptz)
            WHERE pool_id = ${poolId} AND holder = ${this.#holder}`;
        }
      });
      return true;
    } catch (error) {
      log.error('a pool in trouble was not noted', { pool: poolId, reason: errorText(error) });
      return false;
    }
  }
}
