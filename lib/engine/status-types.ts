import type { Id } from '#lib/core/id.ts';
import type { Instant } from '#lib/core/instant.ts';

/** How the engine of a pool does, from what it leaves in the database. */
export type PoolStatus = {
  readonly poolId: Id<'pool'>;
  readonly epoch: bigint | null;
  readonly holder: string | null;
  /** False when the lease ran out and nobody took it: nothing is decided. */
  readonly isLed: boolean;
  /** Since when turn after turn fails for the pool: what it has decided stands, what is asked of it waits. Null while it moves on. */
  readonly troubledSince: Instant | null;
  readonly decisions: bigint;
  readonly pendingCommands: number;
  readonly oldestPendingAt: Instant | null;
  readonly lastDecidedAt: Instant | null;
  readonly provenUntil: Instant | null;
  readonly publishedAt: Instant | null;
};
