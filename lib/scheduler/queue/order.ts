import { QUEUE_TIERS, type QueuedJob, type QueuePolicy, type QueueRank, type QueueSnapshot } from '../queue-types.ts';
import { usageStep, USAGE_STEPS } from './usage.ts';

/** The queue of a snapshot in the order of a policy. Jobs of one rank are many, ranks are few: only these are sorted. */
export function ordered(snapshot: QueueSnapshot, policy: QueuePolicy): QueuedJob[] {
  const rank = policy.rank(snapshot);
  const bands = new Map<number, Map<number, QueuedJob[]>>();
  for (const job of snapshot.queue) {
    const { band, key } = rank(job);
    const keys = bands.get(band) ?? new Map<number, QueuedJob[]>();
    const jobs = keys.get(key) ?? [];
    if (jobs.length === 0) bands.set(band, keys.set(key, jobs));
    jobs.push(job);
  }
  const byNumber = <T>(a: readonly [number, T], b: readonly [number, T]): number => a[0] - b[0];
  return [...bands].sort(byNumber).flatMap(([, keys]) => {
    return [...keys].sort(byNumber).flatMap(([, jobs]) => jobs.sort(byArrival));
  });
}

function byArrival(a: QueuedJob, b: QueuedJob): number {
  return a.submittedAt - b.submittedAt || a.sequence - b.sequence;
}

/** First come, first served. */
export const firstCome: QueuePolicy['rank'] = () => () => ({ band: 0, key: 0 });

/** The shortest walltime first: good means, and no bound on anybody's wait. */
export const shortestFirst: QueuePolicy['rank'] = () => (job) => ({ band: 0, key: job.walltimeMs });

/** What {@link fairOrder} is set with. `decisions/015` has what each of them does to the figures. */
export type FairSettings = {
  /** Who has waited this long is first in line, one at a time, the longest wait first. Flex jobs are exempt. */
  readonly starvationMs: number;
  /** Jobs of at most this walltime go before longer ones: they cost nobody much, and waiting costs them most. */
  readonly smallWalltimeMs: number;
  /** Longer jobs go by walltime while they are younger than this, afterwards by arrival. */
  readonly patienceMs: number;
};

/**
 * Kashi's order: whoever starves; then tier; then who has used less of their share lately; then small jobs, the
 * shortest first; then those that have waited for their patience, by arrival; then the rest, the shortest first.
 *
 * Only one starving job at a time is moved to the front. It holds the promise of a time, and that bounds its wait; to
 * put all of them before the small ones would lengthen everybody's wait and shorten nobody's longest.
 */
export function fairOrder(settings: FairSettings): QueuePolicy['rank'] {
  return (snapshot) => {
    const starving = longestWaiting(snapshot, settings.starvationMs);
    const steps = new Map<string, number>();
    for (const [id, { usage, quotaCards }] of snapshot.accounts)
      steps.set(id, usageStep(usage, quotaCards, snapshot.now));
    return (job): QueueRank => {
      if (job === starving) return { band: 0, key: 0 };
      const step = steps.get(job.accountId) ?? 0;
      const isSmall = job.walltimeMs <= settings.smallWalltimeMs;
      const isPatient = snapshot.now - job.submittedAt < settings.patienceMs;
      const group = isSmall ? 0 : isPatient ? 2 : 1;
      const band = 1 + (QUEUE_TIERS.indexOf(job.tier) * USAGE_STEPS + step) * 3 + group;
      return { band, key: group === 1 ? 0 : job.walltimeMs };
    };
  };
}

function longestWaiting(snapshot: QueueSnapshot, starvationMs: number): QueuedJob | null {
  let longest: QueuedJob | null = null;
  for (const job of snapshot.queue) {
    if (job.tier === 'flex' || snapshot.now - job.submittedAt < starvationMs) continue;
    if (longest === null || byArrival(job, longest) < 0) longest = job;
  }
  return longest;
}
