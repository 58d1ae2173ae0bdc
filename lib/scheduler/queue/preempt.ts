import type { Instant } from '#lib/core/instant.ts';
import type { QueuedJob, QueuePlan, QueueSnapshot, RunningJob } from '../queue-types.ts';
import { fits } from './fit.ts';
import { change, Room } from './room.ts';

type Notices = QueuePlan['notices'];

/** Flex jobs that could still be told to leave by `endAt`: the youngest first, because they lose the least. */
function tellable(running: readonly RunningJob[], endAt: Instant): RunningJob[] {
  return running
    .filter((job) => job.tier === 'flex' && !job.isLeaving && job.endAt > endAt)
    .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
}

/** The running jobs as they stand once notices are given. */
export function afterNotices(running: readonly RunningJob[], notices: Notices): RunningJob[] {
  const ends = new Map(notices.map(({ jobId, endAt }) => [jobId, endAt]));
  return running.map((job) => {
    const endAt = ends.get(job.id);
    return endAt === undefined ? job : { ...job, endAt, isLeaving: true };
  });
}

/**
 * Flex jobs that must leave so that `job`, which is first in line, starts when the notice is over; none when it would
 * start by then anyhow, is flex itself, or would not start even so. No job is told whose leaving does not help.
 */
export function noticesForHead(snapshot: QueueSnapshot, noticeMs: number, job: QueuedJob): Notices {
  if (job.tier === 'flex') return [];
  const endAt = (snapshot.now + noticeMs) as Instant;
  const candidates = tellable(snapshot.running, endAt);
  if (candidates.length === 0) return [];
  const free = new Room(snapshot).freeOver(endAt, endAt + job.walltimeMs);
  const hasPlace = (): boolean => fits(free, snapshot, job);
  const told: RunningJob[] = [];
  for (const candidate of candidates) {
    change(free, candidate.shares, 1);
    told.push(candidate);
    if (hasPlace()) break;
  }
  if (!hasPlace()) return [];
  const needed = told.filter((candidate) => {
    change(free, candidate.shares, -1);
    if (hasPlace()) return false;
    change(free, candidate.shares, 1);
    return true;
  });
  return needed.map(({ id }) => ({ jobId: id, endAt }));
}

/**
 * Flex jobs that stand where something was promised since they started: each is told to be gone when the promise
 * begins, as soon as no more than the notice is left until then. A promise never yields to a flex job.
 */
export function noticesForPromises(snapshot: QueueSnapshot, noticeMs: number): Notices {
  const notices: Notices[number][] = [];
  const near = snapshot.promises
    .map(({ interval }) => interval.startAt)
    .filter((startAt) => startAt > snapshot.now && startAt - snapshot.now <= noticeMs);
  // Many promises begin on the same hour: they are looked at as one.
  for (const startAt of [...new Set(near)].sort((a, b) => a - b)) {
    const running = afterNotices(snapshot.running, notices);
    const candidates = tellable(running, startAt);
    if (candidates.length === 0) continue;
    const free = new Room({ ...snapshot, running }).freeOver(startAt, startAt + 1);
    for (const job of candidates) {
      if (!job.shares.some(({ server }) => (free[server] ?? 0) < 0)) continue;
      change(free, job.shares, 1);
      notices.push({ jobId: job.id, endAt: startAt });
    }
  }
  return notices;
}
