import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { Dismissal, Waiting } from './types.ts';
import type { JobState, JobView, PoolQueue } from './view-types.ts';

/** Which jobs; without an organisation, everybody's (staff). */
export type JobFilter = {
  readonly organisationId: string | null;
  readonly states?: readonly JobState[] | undefined;
  readonly poolId?: string | undefined;
};

type JobRow = {
  id: string;
  organisation_id: string;
  organisation_name: string;
  project_id: string | null;
  project_name: string | null;
  pool_id: string;
  sku_id: string;
  name: string;
  tier: string;
  cards: number;
  topology: string;
  walltime_seconds: number;
  deadline_at: Date | null;
  price_cap_e10: bigint | null;
  image_id: string;
  command: string;
  state: string;
  submitted_by: string;
  submitted_at: Date;
  explanation: unknown;
  explained_at: Date | null;
  decided_at: Date | null;
  leave_at: Date | null;
  reservation_id: string | null;
  reservation_state: string | null;
  end_reason: string | null;
  start_at: Date | null;
  ended_at: Date | null;
  workload_state: string | null;
};

const STATE = Prisma.sql`CASE WHEN q.state = 'started' AND r.state IN ('ended', 'cancelled') THEN 'done' ELSE q.state END`;
const JOINED = Prisma.sql`queued_job q JOIN organisation o ON o.id = q.organisation_id LEFT JOIN project p ON p.id = q.project_id LEFT JOIN reservation r ON r.id = q.reservation_id`;

function whereOf({ organisationId, states, poolId }: JobFilter): Prisma.Sql {
  const parts = [
    organisationId === null ? Prisma.sql`true` : Prisma.sql`q.organisation_id = ${organisationId}`,
    ...(poolId ? [Prisma.sql`q.pool_id = ${poolId}`] : []),
    ...(states ? [Prisma.sql`${STATE} = ANY(${[...states]}::text[])`] : []),
  ];
  return Prisma.join(parts, ' AND ');
}

const optional = (date: Date | null): Instant | null => (date === null ? null : fromDate(date));

/** A flex job has its cards by the hour, so the end of its reservation is not its own, unless it was told to leave. */
function latestEndOf({ start_at, leave_at, walltime_seconds }: JobRow): Instant | null {
  return start_at && (optional(leave_at) ?? plusSeconds(fromDate(start_at), walltime_seconds));
}

function fromJobRow(row: JobRow): JobView {
  const state = row.state as JobState;
  return {
    id: idFrom('job', row.id),
    organisationId: idFrom('organisation', row.organisation_id),
    organisationName: row.organisation_name,
    projectId: row.project_id === null ? null : idFrom('project', row.project_id),
    projectName: row.project_name,
    poolId: idFrom('pool', row.pool_id),
    skuId: idFrom('sku', row.sku_id),
    name: row.name,
    tier: row.tier as JobView['tier'],
    cards: row.cards,
    topology: row.topology as JobView['topology'],
    walltimeSeconds: row.walltime_seconds,
    deadlineAt: optional(row.deadline_at),
    priceCapE10: row.price_cap_e10 === null ? null : priceE10(row.price_cap_e10),
    imageId: idFrom('image', row.image_id),
    command: row.command,
    state,
    submittedBy: row.submitted_by,
    submittedAt: fromDate(row.submitted_at),
    waiting: state === 'queued' ? (row.explanation as Waiting | null) : null,
    dismissal: state === 'refused' ? (row.explanation as Dismissal) : null,
    explainedAt: optional(row.explained_at),
    decidedAt: optional(row.decided_at),
    reservationId: row.reservation_id === null ? null : idFrom('reservation', row.reservation_id),
    reservationState: row.reservation_state,
    endReason: row.end_reason,
    startAt: optional(row.start_at),
    endAt: latestEndOf(row),
    endedAt: optional(row.ended_at),
    leaveAt: optional(row.leave_at),
    workloadState: row.workload_state,
  };
}

async function selectJobs(tx: Tx, where: Prisma.Sql, page: Prisma.Sql): Promise<JobView[]> {
  const rows = await tx.$queryRaw<JobRow[]>`
    SELECT q.id, q.organisation_id, o.name AS organisation_name, q.project_id, p.name AS project_name, q.pool_id, q.sku_id, q.name, q.tier, q.cards,
      q.topology, q.walltime_seconds, q.deadline_at, q.price_cap_e10, q.image_id, q.command, ${STATE} AS state, q.submitted_by, q.submitted_at,
      q.explanation, q.explained_at, q.decided_at, q.leave_at, q.reservation_id, r.state AS reservation_state, r.end_reason,
      r.start_at, r.ended_at, w.state AS workload_state
    FROM ${JOINED} LEFT JOIN workload w ON w.id = 'wkl_' || substr(q.id, 5)
    WHERE ${where} ${page}`;
  return rows.map(fromJobRow);
}

/** A page of jobs, newest first, and how many there are. */
export async function readJobs(
  tx: Tx,
  filter: JobFilter,
  { skip, take }: { readonly skip: number; readonly take: number },
): Promise<{ rows: JobView[]; total: number }> {
  const where = whereOf(filter);
  const [count] = await tx.$queryRaw<{ total: bigint }[]>`SELECT count(*) AS total FROM ${JOINED} WHERE ${where}`;
  const newest = Prisma.sql`ORDER BY q.submitted_at DESC, q.id DESC LIMIT ${take} OFFSET ${skip}`;
  return { rows: await selectJobs(tx, where, newest), total: Number(count?.total ?? 0n) };
}

/** One job; null when the filter's organisation has none of that id. */
export async function readJob(tx: Tx, filter: JobFilter, id: string): Promise<JobView | null> {
  const [job] = await selectJobs(tx, Prisma.sql`${whereOf(filter)} AND q.id = ${id}`, Prisma.empty);
  return job ?? null;
}

type QueueRow = {
  pool_id: string;
  waiting: number;
  waiting_cards: number;
  running: number;
  running_cards: number;
  leaving: number;
  oldest_at: Date | null;
};
type HeadRow = { pool_id: string; id: string; cards: number; start_at: string | null };
type ReasonRow = { pool_id: string; reason: string; jobs: number };

/** Every pool's queue at a glance. */
export async function readPoolQueues(tx: Tx): Promise<PoolQueue[]> {
  const pools = await tx.$queryRaw<QueueRow[]>`
    SELECT p.id AS pool_id, (count(*) FILTER (WHERE q.state = 'queued'))::int AS waiting,
      coalesce(sum(q.cards) FILTER (WHERE q.state = 'queued'), 0)::int AS waiting_cards,
      (count(*) FILTER (WHERE r.state = 'active'))::int AS running,
      coalesce(sum(q.cards) FILTER (WHERE r.state = 'active'), 0)::int AS running_cards,
      (count(*) FILTER (WHERE r.state = 'active' AND q.leave_at IS NOT NULL))::int AS leaving,
      min(q.submitted_at) FILTER (WHERE q.state = 'queued') AS oldest_at
    FROM pool p LEFT JOIN queued_job q ON q.pool_id = p.id AND q.state IN ('queued', 'started')
      LEFT JOIN reservation r ON r.id = q.reservation_id
    GROUP BY p.id ORDER BY p.id`;
  const heads = await tx.$queryRaw<HeadRow[]>`
    SELECT DISTINCT ON (pool_id) pool_id, id, cards, explanation->>'startAt' AS start_at FROM queued_job
    WHERE state = 'queued' AND explanation->>'reason' = 'firstInLine' ORDER BY pool_id, explained_at DESC`;
  const reasons = await tx.$queryRaw<ReasonRow[]>`
    SELECT pool_id, explanation->>'reason' AS reason, count(*)::int AS jobs FROM queued_job
    WHERE state = 'queued' AND explanation IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 2`;
  return pools.map((row) => {
    const head = heads.find(({ pool_id }) => pool_id === row.pool_id);
    return {
      poolId: idFrom('pool', row.pool_id),
      waiting: row.waiting,
      waitingCards: row.waiting_cards,
      running: row.running,
      runningCards: row.running_cards,
      leaving: row.leaving,
      oldestAt: optional(row.oldest_at),
      head: head
        ? {
            id: idFrom('job', head.id),
            cards: head.cards,
            startAt: head.start_at === null ? null : instant(Number(head.start_at)),
          }
        : null,
      reasons: reasons.filter(({ pool_id }) => pool_id === row.pool_id).map(({ reason, jobs }) => ({ reason, jobs })),
    };
  });
}
