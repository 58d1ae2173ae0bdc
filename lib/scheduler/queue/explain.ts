import { type Instant, plusMs } from '#lib/core/instant.ts';
import type { QueuedJob, QueuePlan, QueueSnapshot, QueueWait } from '../queue-types.ts';
import { fits } from './fit.ts';
import { afterNotices } from './preempt.ts';
import { Room } from './room.ts';
import { shapeOf } from './tried.ts';

/** Why a job waits after a round, with the numbers behind it. */
export type WaitExplained = {
  readonly wait: QueueWait;
  readonly cardsNeeded: number;
  /** Cards free in the pool now, and the most on one server and in one supernode. */
  readonly cardsFree: number;
  readonly cardsFreeOnServer: number;
  readonly cardsFreeInSupernode: number;
};

/** What is left after a round, looked at once for however many jobs are to be explained. */
export class WaitExplainer {
  readonly #snapshot: QueueSnapshot;
  readonly #headId: string | null;
  readonly #room: Room;
  readonly cardsFree: number;
  readonly #cardsFreeOnServer: number;
  readonly #cardsFreeInSupernode: number;
  /** By shape: the longest walltime that is known to fit from now on, 0 for a moment, and the shortest that is known not to. */
  readonly #gaps = new Map<string, { fitsMs: number; missesMs: number }>();

  constructor(snapshot: QueueSnapshot, plan: QueuePlan) {
    this.#snapshot = snapshot;
    this.#headId = plan.head?.jobId ?? null;
    this.#room = new Room({ ...snapshot, running: afterNotices(snapshot.running, plan.notices) });
    for (const { shares, endAt } of plan.starts) this.#room.take(shares, endAt);
    this.cardsFree = this.#room.freeCards();
    const { free } = this.#room;
    this.#cardsFreeOnServer = free.reduce((most, cards) => Math.max(most, cards), 0);
    this.#cardsFreeInSupernode = snapshot.supernodes.reduce((most, servers) => {
      const cards = servers.reduce((sum, server) => sum + Math.max(0, free[server] ?? 0), 0);
      return Math.max(most, cards);
    }, 0);
  }

  /** The first reason that holds; see {@link explainWait}. */
  explain(job: QueuedJob): WaitExplained {
    return {
      wait: this.waitOf(job),
      cardsNeeded: job.cards,
      cardsFree: this.cardsFree,
      cardsFreeOnServer: this.#cardsFreeOnServer,
      cardsFreeInSupernode: this.#cardsFreeInSupernode,
    };
  }

  /** The first time with room for a job beside everything that runs and is promised, whoever else waits for it. */
  earliestStart(job: QueuedJob): Instant | null {
    return this.#room.firstTime(job);
  }

  /** The reason alone. */
  waitOf(job: QueuedJob): QueueWait {
    if (this.#headId === job.id) return 'firstInLine';
    if (this.cardsFree < job.cards) return 'tooFewCards';
    const gap = this.#gapOf(job);
    if (gap.missesMs === 0) return 'fragmented';
    const { walltimeMs } = job;
    if (walltimeMs > gap.fitsMs && walltimeMs < gap.missesMs) {
      const endAt = plusMs(this.#snapshot.now, walltimeMs);
      const doesFit = fits(this.#room.freeUntil(endAt), this.#snapshot, job);
      gap[doesFit ? 'fitsMs' : 'missesMs'] = walltimeMs;
    }
    return walltimeMs <= gap.fitsMs ? 'wouldDelayFirst' : 'tooLongForGap';
  }

  #gapOf(job: QueuedJob): { fitsMs: number; missesMs: number } {
    const shape = shapeOf(job);
    const known = this.#gaps.get(shape);
    if (known) return known;
    const missesMs = fits(this.#room.free, this.#snapshot, job) ? Number.POSITIVE_INFINITY : 0;
    const gap = { fitsMs: 0, missesMs };
    this.#gaps.set(shape, gap);
    return gap;
  }
}

/**
 * Why a job that was neither started nor refused in a round waits, the first reason that holds: it is first in line; too
 * few cards are free; enough, but not together; a promise begins before it would end; the first in line would be delayed.
 */
export function explainWait(snapshot: QueueSnapshot, plan: QueuePlan, job: QueuedJob): WaitExplained {
  return new WaitExplainer(snapshot, plan).explain(job);
}
