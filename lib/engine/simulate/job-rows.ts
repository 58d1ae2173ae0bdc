import { invariant, present } from '#lib/core/assert.ts';
import { floorToHour, type Instant, secondsBetween, fromDate } from '#lib/core/instant.ts';
import { accountOf, USE_REMEMBERED_MS } from '#lib/reservations/queue/job-book.ts';
import { type Job, type QueueChange, reservationOfJob } from '#lib/reservations/queue/types.ts';
import type { QueueParts } from '../mind-building.ts';
import type { ReservationRow, Rows } from './rows.ts';

/** A queued job as the database holds it; `started` stays when its reservation is over. */
export type JobRow = { readonly job: Job; readonly state: 'queued' | 'started' | 'cancelled' | 'refused' };

type JobsAndReservations = Pick<Rows, 'jobs' | 'reservations'>;

const reservationRowOf = ({ reservations }: JobsAndReservations, { id }: Job): ReservationRow | undefined =>
  reservations.get(reservationOfJob(id));

/** True while a job waits or runs. */
export function isLiveJob(rows: JobsAndReservations, { job, state }: JobRow): boolean {
  return state === 'queued' || (state === 'started' && reservationRowOf(rows, job)?.state === 'active');
}

/** What a new leader reads of the queue: `queue/job-rows.ts`, without the database. */
export function queuePartsOf(rows: JobsAndReservations, now: Instant): QueueParts {
  const all = [...rows.jobs.values()];
  const used = all.flatMap(({ job, state }) => {
    const row = state === 'started' ? reservationRowOf(rows, job) : undefined;
    if (!row || row.endedAt === null || now - row.endedAt > USE_REMEMBERED_MS) return [];
    const cardSeconds = BigInt(job.cards) * BigInt(secondsBetween(fromDate(row.startAt), row.endedAt));
    return [{ accountId: accountOf(job), hourAt: floorToHour(row.endedAt), cardSeconds }];
  });
  return {
    jobs: all.filter((row) => isLiveJob(rows, row)).map(({ job }) => job),
    lastSequence: all.reduce((last, { job }) => Math.max(last, job.sequence), 0),
    used,
  };
}

/** Writes one change of the queue: `saveQueue`, without the database. */
export function saveQueueChange(jobs: Map<string, JobRow>, change: QueueChange): void {
  const rowOf = (id: string): JobRow => present(jobs.get(id), `job ${id}`);
  const whileQueued = (id: string, next: (job: Job) => JobRow): void => {
    const { job, state } = rowOf(id);
    invariant(state === 'queued', `${id} is ${state}`);
    jobs.set(id, next(job));
  };
  switch (change.kind) {
    case 'jobQueued':
      invariant(!jobs.has(change.job.id), `${change.job.id} is there already`);
      jobs.set(change.job.id, { job: change.job, state: 'queued' });
      return;
    case 'jobsExplained':
      for (const { jobId, waiting } of change.explained)
        whileQueued(jobId, (job) => ({ job: { ...job, standing: { state: 'queued', waiting } }, state: 'queued' }));
      return;
    case 'jobStarted': {
      const standing = { state: 'started', startAt: change.startAt, leaveAt: null } as const;
      whileQueued(change.job.id, (job) => ({ job: { ...job, standing }, state: 'started' }));
      return;
    }
    case 'jobLeaving': {
      const { job, state } = rowOf(change.jobId);
      invariant(job.standing.state === 'started', `${change.jobId} runs`);
      jobs.set(job.id, { job: { ...job, standing: { ...job.standing, leaveAt: change.leaveAt } }, state });
      return;
    }
    case 'jobCancelled':
      whileQueued(change.jobId, (job) => ({ job, state: 'cancelled' }));
      return;
    case 'jobRefused':
      whileQueued(change.jobId, (job) => ({ job, state: 'refused' }));
      return;
  }
}
