import 'server-only';
import { type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';

// The engine's door to settlement, within its own transaction.

/** Rows of reservations that are over and not settled, in the order they ended. */
export async function readUnsettled(tx: Tx, poolId: string) {
  const rows = await tx.reservation.findMany({
    where: { poolId, state: { in: ['ended', 'cancelled'] }, settledAt: null },
    orderBy: [{ endedAt: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      organisationId: true,
      skuId: true,
      name: true,
      purchase: true,
      payBy: true,
      state: true,
      startAt: true,
      endAt: true,
      endedAt: true,
      endReason: true,
    },
  });
  return rows.flatMap(({ endedAt, ...row }) => (endedAt === null ? [] : [{ ...row, endedAt }]));
}

/** Notes that the money of reservations is final. */
export async function writeSettled(tx: Tx, ids: readonly string[], at: Instant): Promise<void> {
  await tx.reservation.updateMany({
    where: { id: { in: [...ids] }, settledAt: null },
    data: { settledAt: toDate(at) },
  });
}
