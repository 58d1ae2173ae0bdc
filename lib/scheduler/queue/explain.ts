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
  /** Answers by shape and walltime: many jobs ask the same. */
  readonly #waitsOf = new Map<string, QueueWait>();

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
    const asked = `${shapeOf(job)} ${job.walltimeMs}`;
    const known = this.#waitsOf.get(asked);
    if (known) return known;
    const found = this.#besideHead(job);
    this.#waitsOf.set(asked, found);
    return found;
  }

  #besideHead(job: QueuedJob): QueueWait {
    if (!fits(this.#room.free, this.#snapshot, job)) return 'fragmented';
    const endAt = plusMs(this.#snapshot.now, job.walltimeMs);
    return fits(this.#room.freeUntil(endAt), this.#snapshot, job) ? 'wouldDelayFirst' : 'tooLongForGap';
  }
}

/**
 * Why a job that was neither started nor refused in a round waits, the first reason that holds: it is first in line; too
 * few cards are free; enough, but not together; a promise begins before it would end; the first in line would be delayed.
 */
export function explainWait(snapshot: QueueSnapshot, plan: QueuePlan, job: QueuedJob): WaitExplained {
  return new WaitExplainer(snapshot, plan).explain(job);
}
