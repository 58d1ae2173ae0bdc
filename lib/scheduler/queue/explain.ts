import { plusMs } from '#lib/core/instant.ts';
import type { QueuedJob, QueuePlan, QueueSnapshot, QueueWait } from '../queue-types.ts';
import { fitsInto } from './fit.ts';
import { afterNotices } from './preempt.ts';
import { Room } from './room.ts';

/** Why a job waits after a round, with the numbers behind it. */
export type WaitExplained = {
  readonly wait: QueueWait;
  readonly cardsNeeded: number;
  /** Cards free in the pool now, and the most on one server. */
  readonly cardsFree: number;
  readonly cardsFreeOnServer: number;
};

/**
 * Why a job that was neither started nor refused in a round waits, the first reason that holds: it is first in line; too
 * few cards are free; enough, but not together; a promise begins before it would end; the first in line would be delayed.
 */
export function explainWait(snapshot: QueueSnapshot, plan: QueuePlan, job: QueuedJob): WaitExplained {
  const room = new Room({ ...snapshot, running: afterNotices(snapshot.running, plan.notices) });
  for (const { shares, endAt } of plan.starts) room.take(shares, endAt);
  let cardsFree = 0;
  let cardsFreeOnServer = 0;
  for (const free of room.free) {
    cardsFree += Math.max(0, free);
    cardsFreeOnServer = Math.max(cardsFreeOnServer, free);
  }
  const fits = (free: Int32Array): boolean => fitsInto(free, snapshot.serverSize, job.cards);
  const wait = (): QueueWait => {
    if (plan.head?.jobId === job.id) return 'firstInLine';
    if (cardsFree < job.cards) return 'tooFewCards';
    if (!fits(room.free)) return 'fragmented';
    if (!fits(room.freeUntil(plusMs(snapshot.now, job.walltimeMs)))) return 'tooLongForGap';
    return 'wouldDelayFirst';
  };
  return { wait: wait(), cardsNeeded: job.cards, cardsFree, cardsFreeOnServer };
}
