import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';

/** What is free per hour and level class, as the engine last published it. A hint: the booking decides. */
export type PublishedAvailability = {
  readonly publishedAt: Instant;
  readonly fromHourAt: Instant;
  readonly totalCards: number;
  readonly freeCards: readonly number[];
  readonly freeServers: readonly number[];
  readonly freeSupernodes: readonly number[];
  readonly largestOnServer: readonly number[];
  readonly largestOnSupernode: readonly number[];
};

/** Publishes a pool's table with its plan version. */
export async function publishAvailability(
  tx: Tx,
  poolId: string,
  planVersion: bigint,
  now: Instant,
  table: Omit<PublishedAvailability, 'publishedAt'>,
): Promise<void> {
  const data = {
    planVersion,
    publishedAt: toDate(now),
    fromHourAt: toDate(table.fromHourAt),
    totalCards: table.totalCards,
    freeCards: [...table.freeCards],
    freeServers: [...table.freeServers],
    freeSupernodes: [...table.freeSupernodes],
    largestOnServer: [...table.largestOnServer],
    largestOnSupernode: [...table.largestOnSupernode],
  };
  await tx.availability.upsert({ where: { poolId }, create: { poolId, ...data }, update: data });
}

/** A pool's table; null before the engine has published one. */
export async function readAvailability(tx: Tx, poolId: string): Promise<PublishedAvailability | null> {
  const row = await tx.availability.findUnique({
    where: { poolId },
    select: {
      publishedAt: true,
      fromHourAt: true,
      totalCards: true,
      freeCards: true,
      freeServers: true,
      freeSupernodes: true,
      largestOnServer: true,
      largestOnSupernode: true,
    },
  });
  return row ? { ...row, publishedAt: fromDate(row.publishedAt), fromHourAt: fromDate(row.fromHourAt) } : null;
}
