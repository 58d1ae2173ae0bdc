import 'server-only';
import { chargeHour } from '#lib/billing/charge-run.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { earlier, floorToHour, fromDate, HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { noteMeteredHour, readLastMeteredHour } from '#lib/metering/usage.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { type Lease, proveLeadership, shareLeadership } from './leadership.ts';

/** Customers of a pool of more cards than this are charged in several transactions at once, each of its own. */
const CARDS_TOGETHER = 1_024;
const SHARDS = 4;

/**
 * The first hour of a pool that is not charged yet: after the last one, or that of its first allocation; null without any.
 * Never one to come: cards that are bound ahead are not the first to start if somebody starts at once.
 */
export async function readNextHour(tx: Tx, poolId: string, now: Instant): Promise<Instant | null> {
  const last = await readLastMeteredHour(tx, poolId);
  if (last !== null) return instant(last + HOUR_MS);
  const [row] = await tx.$queryRaw<
    { first: Date | null }[]
  >`SELECT min(start_at) AS first FROM allocation WHERE pool_id = ${poolId}`;
  return row?.first ? earlier(floorToHour(fromDate(row.first)), floorToHour(now)) : null;
}

/** How many shards an hour of a pool of so many cards is charged in. */
export function shardsFor(cards: number): number {
  return cards > CARDS_TOGETHER ? SHARDS : 1;
}

/**
 * Charges a whole hour of a pool that we lead, then notes that it is complete. Shards of customers are charged side by side; one
 * that fails rolls back by itself and fails the hour, and the next try leaves alone what is charged. Answers the charges made.
 */
export async function chargeWholeHour(
  ctx: Ctx,
  lease: Lease,
  prices: ReadonlyMap<string, PriceVersion>,
  hourAt: Instant,
  shards: number,
): Promise<number> {
  const { poolId, epoch } = lease;
  const runs = Array.from({ length: shards }, (_, shard) =>
    withTx(
      ctx,
      async (tx) => {
        await shareLeadership(tx, lease);
        return chargeHour(ctx, tx, prices, poolId, hourAt, { shard, shards });
      },
      { epoch },
    ),
  );
  let charges = 0;
  // Every shard has ended before the first failure is told, so that none writes on behind the next try.
  for (const run of await Promise.allSettled(runs)) {
    if (run.status === 'rejected') throw run.reason;
    charges += run.value;
  }
  await withTx(
    ctx,
    async (tx) => {
      await proveLeadership(tx, lease, 0);
      await noteMeteredHour(tx, poolId, hourAt, ctx.now);
    },
    { epoch },
  );
  return charges;
}
