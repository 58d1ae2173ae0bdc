import 'server-only';
import { fromDate, type Instant } from '#lib/core/instant.ts';
import { type Month, monthOf } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';

/** The month of the first usage; null before any. */
export async function readFirstMonth(tx: Tx): Promise<Month | null> {
  const row = await tx.usageCharge.findFirst({ orderBy: { countsAt: 'asc' }, select: { hourAt: true } });
  return row ? monthOf(fromDate(row.hourAt)) : null;
}

export type PeriodRow = {
  readonly month: string;
  readonly state: 'closing' | 'closed';
  /** When its close began: the watermark of what it bills. */
  readonly cutoffAt: Instant;
  readonly closedAt: Instant | null;
  readonly closedBy: string | null;
};

/** The months whose close has begun, by month. */
export async function readPeriods(tx: Tx): Promise<Map<string, PeriodRow>> {
  const rows = await tx.billingPeriod.findMany({
    select: { month: true, state: true, cutoffAt: true, closedAt: true, closedBy: true },
  });
  return new Map(
    rows.map(({ month, state, cutoffAt, closedAt, closedBy }) => [
      month,
      {
        month,
        state: state === 'closed' ? 'closed' : 'closing',
        cutoffAt: fromDate(cutoffAt),
        closedAt: closedAt === null ? null : fromDate(closedAt),
        closedBy,
      },
    ]),
  );
}
