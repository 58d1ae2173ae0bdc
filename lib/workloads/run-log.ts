import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { EndReason, Workload, WorkloadState } from './types.ts';

// The engine's door to workloads, within its own transaction.

export const WORKLOAD_COLUMNS = {
  id: true,
  organisationId: true,
  reservationId: true,
  name: true,
  imageId: true,
  command: true,
  cards: true,
  walltimeSeconds: true,
  state: true,
  reason: true,
  exitCode: true,
  cancelAskedAt: true,
  submittedAt: true,
  startedAt: true,
  endedAt: true,
  cardIds: true,
} as const;

export type WorkloadRow = {
  id: string;
  organisationId: string;
  reservationId: string;
  name: string;
  imageId: string;
  command: string;
  cards: number;
  walltimeSeconds: number;
  state: string;
  reason: string | null;
  exitCode: number | null;
  cancelAskedAt: Date | null;
  submittedAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  cardIds: string[];
};

export function fromWorkloadRow(row: WorkloadRow): Workload {
  const { cancelAskedAt, ...rest } = row;
  return {
    ...rest,
    id: idFrom('workload', row.id),
    organisationId: idFrom('organisation', row.organisationId),
    reservationId: idFrom('reservation', row.reservationId),
    imageId: idFrom('image', row.imageId),
    state: row.state as WorkloadState,
    reason: row.reason as EndReason | null,
    isCancelAsked: cancelAskedAt !== null,
    submittedAt: fromDate(row.submittedAt),
    startedAt: row.startedAt === null ? null : fromDate(row.startedAt),
    endedAt: row.endedAt === null ? null : fromDate(row.endedAt),
  };
}

/** A statement takes 32,767 parameters at most. */
const IDS_PER_STATEMENT = 10_000;

/** The workloads of a pool's reservations that are not over, oldest first. */
export async function readOpenWorkloads(tx: Tx, poolId: string): Promise<Workload[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT w.id FROM workload w JOIN reservation r ON r.id = w.reservation_id
    WHERE r.pool_id = ${poolId} AND w.state IN ('submitted', 'running') ORDER BY w.submitted_at, w.id`;
  const found: Workload[] = [];
  for (let from = 0; from < rows.length; from += IDS_PER_STATEMENT) {
    const part = await tx.workload.findMany({
      where: { id: { in: rows.slice(from, from + IDS_PER_STATEMENT).map(({ id }) => id) } },
      orderBy: [{ submittedAt: 'asc' }, { id: 'asc' }],
      select: WORKLOAD_COLUMNS,
    });
    found.push(...part.map(fromWorkloadRow));
  }
  return found;
}

/** Notes that a workload runs, since when and on which cards. */
export async function writeStarted(tx: Tx, workloadId: string, cardIds: readonly string[], at: Instant): Promise<void> {
  await tx.workload.updateMany({
    where: { id: workloadId, state: 'submitted' },
    data: { state: 'running', startedAt: toDate(at), cardIds: [...cardIds] },
  });
}

/** Notes how a workload ended. What is over stays as it is. */
export async function writeEnded(
  tx: Tx,
  workloadId: string,
  state: WorkloadState,
  reason: EndReason,
  exitCode: number | null,
  at: Instant,
): Promise<void> {
  await tx.workload.updateMany({
    where: { id: workloadId, state: { in: ['submitted', 'running'] } },
    data: { state, reason, exitCode, endedAt: toDate(at) },
  });
}

/** Adds the workloads of queued jobs that start; their ids and reservations follow from the jobs'. */
export async function insertJobWorkloads(
  tx: Tx,
  workloads: readonly (Pick<
    Workload,
    'id' | 'organisationId' | 'reservationId' | 'name' | 'imageId' | 'command' | 'cards' | 'walltimeSeconds'
  > & { readonly submittedBy: string })[],
  at: Instant,
): Promise<void> {
  if (workloads.length === 0) return;
  const rest = { state: 'submitted', submittedAt: toDate(at) };
  await tx.workload.createMany({ data: workloads.map((workload) => ({ ...workload, ...rest })) });
}
