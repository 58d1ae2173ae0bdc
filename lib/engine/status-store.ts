import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { PoolStatus } from './status-types.ts';

type Row = {
  pool_id: string;
  epoch: bigint | null;
  holder: string | null;
  is_led: boolean;
  troubled: Date | null;
  decisions: bigint | null;
  pending: number;
  oldest: Date | null;
  decided: Date | null;
  proven: Date | null;
  published: Date | null;
};

const instantOf = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));

/** Every pool's engine. Leases run on real time, the rest on business time. */
export async function readPoolStatus(tx: Tx): Promise<PoolStatus[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT p.id AS pool_id, l.epoch, l.holder, coalesce(l.expires_at > clock_timestamp(), false) AS is_led, l.troubled_since AS troubled, l.decisions,
      w.pending, w.oldest, d.decided, m.proven_until AS proven, a.published_at AS published
    FROM pool p LEFT JOIN pool_lease l ON l.pool_id = p.id
    LEFT JOIN proof_mark m ON m.pool_id = p.id LEFT JOIN availability a ON a.pool_id = p.id
    CROSS JOIN LATERAL (SELECT count(*)::int AS pending, min(submitted_at) AS oldest FROM command WHERE pool_id = p.id AND state = 'pending') w
    LEFT JOIN LATERAL (SELECT decided_at AS decided FROM command WHERE pool_id = p.id AND decision_number IS NOT NULL ORDER BY decision_number DESC LIMIT 1) d ON true
    ORDER BY p.id DESC`;
  return rows.map((row) => ({
    poolId: idFrom('pool', row.pool_id),
    epoch: row.epoch,
    holder: row.holder,
    isLed: row.is_led,
    troubledSince: instantOf(row.troubled),
    decisions: row.decisions ?? 0n,
    pendingCommands: row.pending,
    oldestPendingAt: instantOf(row.oldest),
    lastDecidedAt: instantOf(row.decided),
    provenUntil: instantOf(row.proven),
    publishedAt: instantOf(row.published),
  }));
}
