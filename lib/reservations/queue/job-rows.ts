import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, instant, toDate } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { askDirectly } from '#lib/platform/direct-statements.ts';
import type { ProjectLimits } from '../project-types.ts';
import type { Change } from '../decision-types.ts';
import { USE_REMEMBERED_MS } from './job-book.ts';
import { type Explained, type Job, reservationOfJob, type Waiting } from './types.ts';

// The engine's door to the queue's tables, within its own transaction.

type LiveRow = {
  id: string;
  organisationId: string;
  projectId: string | null;
  skuId: string;
  sequence: bigint;
  name: string;
  tier: string;
  cards: number;
  topology: string;
  walltimeSeconds: number;
  deadlineAt: Date | null;
  priceCapE10: bigint | null;
  imageId: string;
  command: string;
  submittedBy: string;
  submittedAt: Date;
  explanation: unknown;
  leaveAt: Date | null;
  /** When its reservation began; null while it waits. */
  startAt: Date | null;
};

/**
 * The jobs of a pool that wait, and those whose reservations run, by arrival. The database looks for the latter: a pool has more live
 * reservations than a statement takes parameters.
 */
export async function readLiveJobs(tx: Tx, poolId: string): Promise<Job[]> {
  const rows = await tx.$queryRaw<LiveRow[]>`
    SELECT j.id, j.organisation_id AS "organisationId", j.project_id AS "projectId", j.sku_id AS "skuId", j.sequence, j.name, j.tier,
      j.cards, j.topology, j.walltime_seconds AS "walltimeSeconds", j.deadline_at AS "deadlineAt", j.price_cap_e10 AS "priceCapE10",
      j.image_id AS "imageId", j.command, j.submitted_by AS "submittedBy", j.submitted_at AS "submittedAt", j.explanation,
      j.leave_at AS "leaveAt", l.start_at AS "startAt"
    FROM (
      SELECT id, NULL::timestamptz AS start_at FROM queued_job WHERE pool_id = ${poolId} AND state = 'queued'
      UNION ALL
      SELECT s.id, r.start_at FROM reservation r JOIN queued_job s ON s.reservation_id = r.id
      WHERE r.pool_id = ${poolId} AND r.state IN ('confirmed', 'active') AND s.state = 'started'
    ) l JOIN queued_job j ON j.id = l.id
    ORDER BY j.sequence`;
  return rows.map(({ startAt, explanation, leaveAt, ...row }) => {
    const id = idFrom('job', row.id);
    return {
      ...row,
      id,
      organisationId: idFrom('organisation', row.organisationId),
      projectId: row.projectId === null ? null : idFrom('project', row.projectId),
      skuId: idFrom('sku', row.skuId),
      imageId: idFrom('image', row.imageId),
      sequence: Number(row.sequence),
      tier: row.tier as Job['tier'],
      topology: row.topology as Job['topology'],
      deadlineAt: row.deadlineAt === null ? null : fromDate(row.deadlineAt),
      priceCapE10: row.priceCapE10 === null ? null : priceE10(row.priceCapE10),
      submittedAt: fromDate(row.submittedAt),
      standing:
        startAt !== null
          ? { state: 'started', startAt: fromDate(startAt), leaveAt: leaveAt === null ? null : fromDate(leaveAt) }
          : { state: 'queued', waiting: explanation as Waiting | null },
    };
  });
}

/** The highest order of arrival that a pool has given. */
export async function readLastSequence(tx: Tx, poolId: string): Promise<number> {
  const { _max } = await tx.queuedJob.aggregate({ where: { poolId }, _max: { sequence: true } });
  return Number(_max.sequence ?? 0n);
}

/** What each account used through the queue of a pool lately, by the hour in which jobs ended. */
export async function readQueueUse(
  tx: Tx,
  poolId: string,
  now: Instant,
): Promise<{ accountId: string; hourAt: Instant; cardSeconds: bigint }[]> {
  const since = toDate(instant(now - USE_REMEMBERED_MS));
  const rows = await tx.$queryRaw<{ account: string; hour_at: Date; used: bigint }[]>`
    SELECT coalesce(j.project_id, j.organisation_id) AS account, date_trunc('hour', r.ended_at, 'UTC') AS hour_at,
      sum(j.cards * extract(epoch FROM r.ended_at - r.start_at))::bigint AS used
    FROM queued_job j JOIN reservation r ON r.id = j.reservation_id
    WHERE j.pool_id = ${poolId} AND r.ended_at >= ${since}::timestamptz GROUP BY 1, 2`;
  return rows.map((row) => ({ accountId: row.account, hourAt: fromDate(row.hour_at), cardSeconds: row.used }));
}

/** The limits of the projects of organisations. */
export async function readProjectLimits(tx: Tx, organisationIds: readonly string[]): Promise<ProjectLimits[]> {
  if (organisationIds.length === 0) return [];
  const rows = await askDirectly<{
    id: string;
    organisation_id: string;
    card_quota: number | null;
    limit_units: bigint | null;
    is_closed: boolean;
  }>(
    tx,
    Prisma.sql`
      SELECT id, organisation_id, card_quota, monthly_spending_limit_units AS limit_units, is_closed FROM project
      WHERE organisation_id = ANY(${organisationIds}::text[])`,
  );
  return rows.map((row) => ({
    id: idFrom('project', row.id),
    organisationId: idFrom('organisation', row.organisation_id),
    cardQuota: row.card_quota,
    monthlySpendingLimitUnits: row.limit_units === null ? null : units(row.limit_units),
    isClosed: row.is_closed,
  }));
}

/** Jobs that run although their workload is over. */
export async function readOverJobs(tx: Tx, poolId: string): Promise<Job['id'][]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT q.id FROM queued_job q JOIN reservation r ON r.id = q.reservation_id AND r.state = 'active'
      JOIN workload w ON w.id = 'wkl_' || substr(q.id, 5)
    WHERE q.pool_id = ${poolId} AND q.state = 'started' AND w.state NOT IN ('submitted', 'running')
    ORDER BY q.sequence`;
  return rows.map(({ id }) => idFrom('job', id));
}

async function insertJobs(tx: Tx, poolId: string, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.queuedJob.createMany({
    data: jobs.map(({ standing: _, sequence, deadlineAt, submittedAt, ...job }) => ({
      ...job,
      poolId,
      sequence: BigInt(sequence),
      deadlineAt: deadlineAt === null ? null : toDate(deadlineAt),
      submittedAt: toDate(submittedAt),
      state: 'queued',
    })),
  });
}

async function writeExplained(tx: Tx, at: Instant, explained: readonly Explained[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE queued_job q SET explanation = e.text::jsonb, explained_at = ${toDate(at)}::timestamptz
    FROM unnest(${explained.map(({ jobId }) => jobId)}::text[], ${explained.map(({ waiting }) => JSON.stringify(waiting))}::text[])
      AS e (id, text)
    WHERE q.id = e.id AND q.state = 'queued'`;
}

/** Writes what a round changed in the queue of a pool, in the order in which it was decided. */
export async function saveQueue(tx: Tx, poolId: string, changes: readonly Change[]): Promise<void> {
  await insertJobs(
    tx,
    poolId,
    changes.flatMap((change) => (change.kind === 'jobQueued' ? [change.job] : [])),
  );
  const waiting = { state: 'queued' };
  for (const change of changes) {
    switch (change.kind) {
      case 'jobStarted': {
        const { id } = change.job;
        const data = { state: 'started', decidedAt: toDate(change.at), reservationId: reservationOfJob(id) };
        await tx.queuedJob.updateMany({ where: { id, ...waiting }, data });
        break;
      }
      case 'jobCancelled':
        await tx.queuedJob.updateMany({
          where: { id: change.jobId, ...waiting },
          data: { state: 'cancelled', decidedAt: toDate(change.at) },
        });
        break;
      case 'jobRefused':
        await tx.queuedJob.updateMany({
          where: { id: change.jobId, ...waiting },
          data: {
            state: 'refused',
            decidedAt: toDate(change.at),
            explanation: { ...change.dismissal },
            explainedAt: toDate(change.at),
          },
        });
        break;
      case 'jobLeaving':
        await tx.queuedJob.updateMany({ where: { id: change.jobId }, data: { leaveAt: toDate(change.leaveAt) } });
        break;
      case 'jobsExplained':
        await writeExplained(tx, change.at, change.explained);
        break;
      default:
        break;
    }
  }
}
