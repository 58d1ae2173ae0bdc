import 'server-only';
import type { Id } from '#lib/core/id.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { doDirectly } from '#lib/platform/direct-statements.ts';

/** A lease lasts this long in real time and is renewed after a third of it; a dead leader is replaced after it. */
export const LEASE_SECONDS = 6;

export type Lease = { readonly poolId: Id<'pool'>; readonly epoch: bigint; readonly decisions: bigint };

/**
 * Takes the lease of a pool when it is free, expired or ours; null while another leads. Taking it anew raises the
 * epoch, which fences off whoever led before.
 */
export async function takeLease(tx: Tx, poolId: Id<'pool'>, holder: string): Promise<Lease | null> {
  const [row] = await tx.$queryRaw<{ epoch: bigint; decisions: bigint }[]>`
    INSERT INTO pool_lease AS l (pool_id, epoch, holder, expires_at, decisions, plan_version)
    VALUES (${poolId}, 1, ${holder}, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}), 0, 0)
    ON CONFLICT (pool_id) DO UPDATE SET
      epoch = l.epoch + CASE WHEN l.holder = excluded.holder THEN 0 ELSE 1 END,
      holder = excluded.holder, expires_at = excluded.expires_at
    WHERE l.holder = excluded.holder OR l.expires_at < clock_timestamp()
    RETURNING epoch, decisions`;
  return row ? { poolId, epoch: row.epoch, decisions: row.decisions } : null;
}

/** Gives the lease back at once, so that a successor need not wait. */
export async function giveLease(tx: Tx, lease: Lease): Promise<void> {
  await tx.$executeRaw`UPDATE pool_lease SET expires_at = clock_timestamp() WHERE pool_id = ${lease.poolId} AND epoch = ${lease.epoch}`;
}

/** Another engine leads the pool now. What was decided under the old epoch is not kept. */
export class Deposed extends Error {
  override readonly name = 'Deposed';
}

/** True when a writing transaction failed because another leads: said by us, or by the database before we could ask. */
export function isDeposed(error: unknown): boolean {
  return error instanceof Deposed || databaseErrorOf(error)?.sqlState === 'KS005';
}

/**
 * How many decisions of this leadership are committed; null when it is over. Waits for a transaction of ours whose end
 * was not heard, for that one still holds the row.
 */
export async function readDecisions(tx: Tx, lease: Lease): Promise<bigint | null> {
  const [row] = await tx.$queryRaw<{ decisions: bigint }[]>`
    SELECT decisions FROM pool_lease WHERE pool_id = ${lease.poolId} AND epoch = ${lease.epoch} FOR UPDATE`;
  return row?.decisions ?? null;
}

/**
 * Proves leadership inside a writing transaction, counts its decisions, and renews the lease: who decides leads. The row stays
 * locked until commit, so a successor's {@link takeLease} waits for it; a deposed leader finds no row.
 */
export async function proveLeadership(tx: Tx, lease: Lease, decisions: number): Promise<void> {
  const count = await doDirectly(
    tx,
    Prisma.sql`
      UPDATE pool_lease SET decisions = decisions + ${decisions}, plan_version = plan_version + 1,
        expires_at = greatest(expires_at, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))
      WHERE pool_id = ${lease.poolId} AND epoch = ${lease.epoch}`,
  );
  if (count !== 1) throw new Deposed(`epoch ${lease.epoch} of ${lease.poolId} is over`);
}

/**
 * Proves leadership inside a writing transaction that others of ours run beside. The row is shared until commit: a
 * successor's {@link takeLease} waits for all of them; a deposed leader finds no row.
 */
export async function shareLeadership(tx: Tx, lease: Lease): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM pool_lease WHERE pool_id = ${lease.poolId} AND epoch = ${lease.epoch} FOR SHARE`;
  if (found.length !== 1) throw new Deposed(`epoch ${lease.epoch} of ${lease.poolId} is over`);
}
