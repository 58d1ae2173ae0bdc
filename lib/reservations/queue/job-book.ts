import { NOTHING_TO_UNDO, type Undo } from '#lib/core/undo.ts';
import { floorToHour, HOUR_MS, type Instant, secondsBetween } from '#lib/core/instant.ts';
import type { Id } from '#lib/core/id.ts';
import type { Change } from '../decision-types.ts';
import { type Job, jobOfReservation } from './types.ts';

/** Whose quota, limit and past use count for a job: its project, or else its organisation. */
export function accountOf(job: Pick<Job, 'organisationId' | 'projectId'>): string {
  return job.projectId ?? job.organisationId;
}

/** Use this long ago counts for less than a two-hundredth: it is forgotten. */
export const USE_REMEMBERED_MS = 8 * 7 * 24 * HOUR_MS;

/**
 * What the mind of a pool knows of its queue: jobs that wait, jobs that run, and past use by account and hour. Changed only by `apply`, which returns the undo.
 */
export class JobBook {
  readonly waiting = new Map<Id<'job'>, Job>();
  readonly running = new Map<Id<'job'>, Job>();
  readonly #waitingOf = new Map<string, number>();
  readonly #used = new Map<string, Map<number, bigint>>();
  /** The highest order of arrival given so far. */
  lastSequence = 0;
  /** Grows with every change that a plan of the queue depends on. */
  revision = 0;

  /** The jobs that wait, by arrival: a decision must not depend on the order in which memory was filled. */
  waitingByArrival(): Job[] {
    return [...this.waiting.values()].sort((a, b) => a.sequence - b.sequence);
  }

  /** How many jobs of an organisation wait. */
  waitingOf(organisationId: string): number {
    return this.#waitingOf.get(organisationId) ?? 0;
  }

  /** Card-seconds that an account used through the queue, by the hour in which each job ended. */
  usedBy(accountId: string): ReadonlyMap<number, bigint> {
    return this.#used.get(accountId) ?? new Map();
  }

  /** Takes over what the rows hold, when an engine begins to lead. */
  restore(job: Job): void {
    this.#put(job);
  }
  restoreUsed(accountId: string, hourAt: Instant, cardSeconds: bigint): void {
    this.#addUsed(accountId, hourAt, cardSeconds);
  }

  /** Applies one change and returns its undo; changes that do not concern the queue do nothing. */
  apply(change: Change): Undo {
    switch (change.kind) {
      case 'jobQueued':
        return this.#put(change.job);
      case 'jobsExplained':
        return this.#explain(change.explained);
      case 'jobStarted': {
        const standing = { state: 'started', startAt: change.startAt, leaveAt: null } as const;
        return this.#put({ ...change.job, standing });
      }
      case 'jobLeaving': {
        const job = this.running.get(change.jobId);
        if (job?.standing.state !== 'started') return NOTHING_TO_UNDO;
        return this.#put({ ...job, standing: { ...job.standing, leaveAt: change.leaveAt } });
      }
      case 'jobCancelled':
      case 'jobRefused':
        return this.#drop(change.jobId);
      case 'reservationEnded':
        return this.#end(jobOfReservation(change.id), change.at);
      default:
        return NOTHING_TO_UNDO;
    }
  }

  #end(id: Id<'job'>, at: Instant): Undo {
    const job = this.running.get(id);
    if (job?.standing.state !== 'started') return NOTHING_TO_UNDO;
    const seconds = Math.max(0, secondsBetween(job.standing.startAt, at));
    const [account, hourAt, used] = [accountOf(job), floorToHour(at), BigInt(job.cards) * BigInt(seconds)];
    this.#addUsed(account, hourAt, used);
    const undo = this.#drop(id);
    return () => {
      undo();
      this.#addUsed(account, hourAt, -used);
    };
  }

  #addUsed(account: string, hourAt: Instant, cardSeconds: bigint): void {
    const hours = this.#used.get(account) ?? new Map<number, bigint>();
    this.#used.set(account, hours);
    hours.set(hourAt, (hours.get(hourAt) ?? 0n) + cardSeconds);
  }

  /** A new explanation is nothing that a plan depends on. */
  #explain(explained: Extract<Change, { kind: 'jobsExplained' }>['explained']): Undo {
    const before: Job[] = [];
    for (const { jobId, waiting } of explained) {
      const job = this.waiting.get(jobId);
      if (!job) continue;
      before.push(job);
      this.waiting.set(jobId, { ...job, standing: { state: 'queued', waiting } });
    }
    return () => {
      for (const job of before) this.waiting.set(job.id, job);
    };
  }

  #put(job: Job): Undo {
    const [wasWaiting, wasRunning, last] = [this.waiting.get(job.id), this.running.get(job.id), this.lastSequence];
    this.#forget(job.id);
    if (job.standing.state === 'queued') {
      this.waiting.set(job.id, job);
      this.#count(job.organisationId, 1);
    } else this.running.set(job.id, job);
    this.lastSequence = Math.max(last, job.sequence);
    this.revision += 1;
    return () => {
      this.#forget(job.id);
      this.#bringBack(wasWaiting, wasRunning);
      this.lastSequence = last;
    };
  }

  #drop(id: Id<'job'>): Undo {
    const [wasWaiting, wasRunning] = [this.waiting.get(id), this.running.get(id)];
    this.#forget(id);
    this.revision += 1;
    return () => this.#bringBack(wasWaiting, wasRunning);
  }

  #forget(id: Id<'job'>): void {
    const waited = this.waiting.get(id);
    if (waited) this.#count(waited.organisationId, -1);
    this.waiting.delete(id);
    this.running.delete(id);
  }

  #bringBack(waiting: Job | undefined, running: Job | undefined): void {
    this.revision += 1;
    if (waiting) {
      this.waiting.set(waiting.id, waiting);
      this.#count(waiting.organisationId, 1);
    }
    if (running) this.running.set(running.id, running);
  }

  #count(organisationId: string, by: 1 | -1): void {
    this.#waitingOf.set(organisationId, this.waitingOf(organisationId) + by);
  }
}
