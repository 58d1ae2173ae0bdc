import 'server-only';
import { chargeHour } from '#lib/billing/charge-run.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Ctx } from '#lib/core/context.ts';
import { earlier, floorToHour, fromDate, HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { noteMeteredHour, readLastMeteredHour } from '#lib/metering/usage.ts';
import type { Tx } from '#lib/platform/db.ts';

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

/** Charges a whole hour of a pool and notes that it is complete. */
export async function chargeWholeHour(
  ctx: Ctx,
  tx: Tx,
  prices: ReadonlyMap<string, PriceVersion>,
  poolId: string,
  hourAt: Instant,
): Promise<number> {
  const charges = await chargeHour(ctx, tx, prices, poolId, hourAt);
  await noteMeteredHour(tx, poolId, hourAt, ctx.now);
  return charges;
}
