import 'server-only';
import { fromDate, HOUR_MS } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import { IN_TURN, type LateFacts } from './charge.ts';
import type { ChargeRecord } from './types.ts';

const keyOf = ({ allocationId, hourAt }: Pick<ChargeRecord, 'allocationId' | 'hourAt'>): string =>
  `${allocationId} ${hourAt}`;

/** What was found out or agreed later about the hours of some charges; most hours know nothing of the kind. */
export async function readLateFacts(
  tx: Tx,
  charges: readonly ChargeRecord[],
): Promise<(charge: ChargeRecord) => LateFacts> {
  const ids = [...new Set(charges.map(({ allocationId }) => allocationId))];
  const hours = charges.map(({ hourAt }) => hourAt);
  const [from, until] = [new Date(Math.min(...hours)), new Date(Math.max(...hours) + HOUR_MS)];
  const corrected = await tx.$queryRaw<{ id: string; hour_at: Date; used: number; proven: number }[]>`
    SELECT u.allocation_id AS id, u.hour_at, sum(u.used_seconds)::int AS used, corrected_seconds(u.allocation_id, min(u.start_at),
      min(u.start_at) + make_interval(secs => sum(u.used_seconds + u.down_seconds)::int), u.hour_at + interval '1 hour') AS proven
    FROM usage_charge u WHERE u.allocation_id = ANY(${ids}::text[]) AND u.hour_at >= ${from}::timestamptz AND u.hour_at < ${until}::timestamptz
      AND EXISTS (SELECT FROM evidence_correction c WHERE c.allocation_id = u.allocation_id
        AND c.start_at < u.hour_at + interval '1 hour' AND c.end_at > u.hour_at)
    GROUP BY u.allocation_id, u.hour_at`;
  const waived = await tx.hourWaiver.findMany({
    where: { allocationId: { in: ids }, state: 'agreed', hourAt: { gte: from, lt: until } },
    select: { allocationId: true, hourAt: true },
  });
  const secondsOf = new Map(
    corrected.map((row) => [
      `${row.id} ${fromDate(row.hour_at)}`,
      { provenSeconds: row.proven, usedSeconds: row.used },
    ]),
  );
  const isWaived = new Set(waived.map(({ allocationId, hourAt }) => `${allocationId} ${fromDate(hourAt)}`));
  if (secondsOf.size === 0 && isWaived.size === 0) return () => IN_TURN;
  return (charge) => ({ corrected: secondsOf.get(keyOf(charge)) ?? null, isWaived: isWaived.has(keyOf(charge)) });
}
