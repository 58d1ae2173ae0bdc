import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';

// The door to which hours are metered. What an hour's seconds are stands in SQL, beside the run (`hour_due()`,
// `corrected_seconds()`).

/** The hours of a pool whose charges are complete: the newest, or null before the first. */
export async function readLastMeteredHour(tx: Tx, poolId: string): Promise<Instant | null> {
  const row = await tx.meteredHour.findFirst({
    where: { poolId },
    orderBy: { hourAt: 'desc' },
    select: { hourAt: true },
  });
  return row ? fromDate(row.hourAt) : null;
}

/** Notes that every allocation of the pool is charged for an hour. */
export async function noteMeteredHour(tx: Tx, poolId: string, hourAt: Instant, at: Instant): Promise<void> {
  await tx.meteredHour.create({ data: { poolId, hourAt: toDate(hourAt), chargedAt: toDate(at) } });
}
