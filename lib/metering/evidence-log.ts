import 'server-only';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';

// The engine's door to evidence, within its own transaction.

export type NewEvidence = {
  readonly allocationId: string;
  readonly organisationId: string;
  readonly cardId: string;
  readonly startAt: Instant;
};

/** Opens evidence: from here on, everything up to the pool's mark is proven until it is closed. */
export async function openEvidence(tx: Tx, rows: readonly NewEvidence[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at)
    SELECT * FROM unnest(${rows.map((r) => r.allocationId)}::text[], ${rows.map((r) => r.organisationId)}::text[],
      ${rows.map((r) => r.cardId)}::text[], ${rows.map((r) => toDate(r.startAt))}::timestamptz[])
    ON CONFLICT (allocation_id) WHERE end_at IS NULL DO NOTHING`;
}

/** Closes the open evidence of allocations at their last proof, each at its own instant; never before its start. */
export async function closeEvidence(
  tx: Tx,
  ends: readonly { readonly allocationId: string; readonly endAt: Instant }[],
): Promise<void> {
  if (ends.length === 0) return;
  await tx.$executeRaw`
    UPDATE evidence e SET end_at = greatest(e.start_at, x.end_at)
    FROM unnest(${ends.map((end) => end.allocationId)}::text[], ${ends.map((end) => toDate(end.endAt))}::timestamptz[]) AS x (allocation_id, end_at)
    WHERE e.allocation_id = x.allocation_id AND e.end_at IS NULL`;
}

/** Moves the mark: all open evidence of the pool is proven up to here. */
export async function markProven(tx: Tx, poolId: string, provenUntil: Instant): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO proof_mark AS m (pool_id, proven_until) VALUES (${poolId}, ${toDate(provenUntil)}::timestamptz)
    ON CONFLICT (pool_id) DO UPDATE SET proven_until = greatest(m.proven_until, excluded.proven_until)`;
}

/** The pool's mark; null before its first. */
export async function readMark(tx: Tx, poolId: string): Promise<Instant | null> {
  const row = await tx.proofMark.findUnique({ where: { poolId }, select: { provenUntil: true } });
  return row ? fromDate(row.provenUntil) : null;
}

/** The allocations of a pool whose evidence is open. */
export async function readOpenEvidence(tx: Tx, poolId: string): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT e.allocation_id AS id FROM evidence e JOIN allocation a ON a.id = e.allocation_id
    WHERE e.end_at IS NULL AND a.pool_id = ${poolId}`;
  return new Set(rows.map(({ id }) => id));
}

/** What was found out about a time of an allocation that was proven otherwise before; whole seconds. */
export type LateReport = {
  readonly allocationId: string;
  readonly organisationId: string;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly isProven: boolean;
};

/** Keeps what the watch found out late, for the job that takes it. The same said twice is kept once. */
export async function reportLate(tx: Tx, reports: readonly LateReport[], reason: string, at: Instant): Promise<void> {
  if (reports.length === 0) return;
  const data = reports.map(({ startAt, endAt, ...report }) => ({
    ...report,
    startAt: toDate(startAt),
    endAt: toDate(endAt),
    reason,
    reportedAt: toDate(at),
    nextAt: toDate(at),
  }));
  await tx.lateReport.createMany({ data, skipDuplicates: true });
}
