import { type Instant, plusMs } from '#lib/core/instant.ts';
import type { QueuedJob, QueuePlan, QueuePolicy, QueueSnapshot, RunningJob } from '../queue-types.ts';
import type { Share } from '../types.ts';
import { Commitments } from './eligible.ts';
import { fitOn, fits } from './fit.ts';
import { ordered } from './order.ts';
import { afterNotices, noticesForHead, noticesForPromises } from './preempt.ts';
import { change, Room } from './room.ts';
import { Tried } from './tried.ts';

/** The first job in line that has to wait: when it starts at the latest, and what is free from then on, for it. */
type Head = {
  readonly job: QueuedJob;
  readonly window: { readonly startAt: Instant; readonly free: Int32Array } | null;
};

/**
 * One round of the queue: who starts now and where, who is first in line, who must leave. EASY: the first job in line
 * that does not fit is given the first time at which it will, and a later one starts now only if that time stands.
 */
export function planQueue(snapshot: QueueSnapshot, policy: QueuePolicy): QueuePlan {
  return new Round(snapshot, policy).run();
}

class Round {
  readonly #snapshot: QueueSnapshot;
  readonly #policy: QueuePolicy;
  readonly #commitments: Commitments;
  readonly #started: RunningJob[] = [];
  readonly #refused: QueuePlan['refused'][number][] = [];
  #notices: QueuePlan['notices'];
  #room: Room;
  #head: Head | null = null;
  /** As long as the room is the same but for what starts. */
  #tried = new Tried();

  constructor(snapshot: QueueSnapshot, policy: QueuePolicy) {
    this.#policy = policy;
    this.#notices = noticesForPromises(snapshot, policy.flexNoticeMs);
    this.#snapshot =
      this.#notices.length === 0 ? snapshot : { ...snapshot, running: afterNotices(snapshot.running, this.#notices) };
    this.#commitments = new Commitments(snapshot);
    this.#room = new Room(this.#snapshot);
  }

  run(): QueuePlan {
    // Whoever is refused stands in nobody's way, so they are taken out before the line forms; what starts then may use
    // up a quota, so everybody is asked again when their turn comes.
    const queue = this.#snapshot.queue.filter((job) => this.#isConsidered(job));
    let freeCards = this.#room.freeCards();
    const line = ordered({ ...this.#snapshot, queue }, this.#policy);
    for (const job of line) {
      if (this.#head && (freeCards === 0 || this.#policy.backfill === 'none')) break;
      if (this.#head && job.cards > freeCards) continue;
      if (this.#started.length > 0 && !this.#isConsidered(job)) continue;
      if (this.#start(job)) freeCards -= job.cards;
      else this.#head ??= this.#headOf(job);
    }
    return {
      starts: this.#started.map(({ id, shares, endAt }) => ({ jobId: id, shares, endAt })),
      head: this.#head && { jobId: this.#head.job.id, startAt: this.#head.window?.startAt ?? null },
      notices: this.#notices,
      refused: this.#refused,
      line,
    };
  }

  #isConsidered(job: QueuedJob): boolean {
    const refusal = this.#commitments.refusalOf(job);
    if (refusal) this.#refused.push({ jobId: job.id, refusal });
    return refusal === null;
  }

  /** Starts a job when it fits until its end beside everything promised and the head keeps its time. */
  #start(job: QueuedJob): boolean {
    if (this.#tried.has(job)) return false;
    const endAt = plusMs(this.#snapshot.now, job.walltimeMs);
    const shares = fitOn(this.#room.freeUntil(endAt), this.#snapshot, job);
    if (!shares) {
      this.#tried.addNoRoom(job);
      return false;
    }
    if (!this.#headKeepsItsTime(shares, endAt)) {
      this.#tried.addInTheWay(job);
      return false;
    }
    this.#room.take(shares, endAt);
    this.#tried.somethingStarted();
    this.#commitments.add(job);
    const { id, accountId, tier } = job;
    this.#started.push({ id, accountId, tier, startedAt: this.#snapshot.now, endAt, shares, isLeaving: false });
    return true;
  }

  /** Whether the head still fits at its time; what a job takes of its window is then gone from it. */
  #headKeepsItsTime(shares: readonly Share[], endAt: Instant): boolean {
    const window = this.#head?.window;
    if (!this.#head || !window || endAt <= window.startAt) return true;
    change(window.free, shares, -1);
    if (fits(window.free, this.#snapshot, this.#head.job)) return true;
    change(window.free, shares, 1);
    return false;
  }

  #headOf(job: QueuedJob): Head {
    const current = { ...this.#snapshot, running: [...this.#snapshot.running, ...this.#started] };
    const notices = noticesForHead(current, this.#policy.flexNoticeMs, job);
    if (notices.length > 0) {
      this.#notices = [...this.#notices, ...notices];
      this.#room = new Room({ ...current, running: afterNotices(current.running, notices) });
      this.#tried = new Tried();
    }
    const startAt = this.#room.firstTime(job);
    if (startAt === null) return { job, window: null };
    return { job, window: { startAt, free: this.#room.freeOver(startAt, startAt + job.walltimeMs) } };
  }
}
