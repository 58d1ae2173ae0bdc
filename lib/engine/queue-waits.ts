import type { Job, Waiting } from '#lib/reservations/queue/types.ts';
import { WaitExplainer } from '#lib/scheduler/queue/explain.ts';
import type { QueuePlan, QueueSnapshot } from '#lib/scheduler/queue-types.ts';
import type { Mind } from './mind.ts';
import { accountOf } from '#lib/reservations/queue/job-book.ts';
import { toQueued } from './queue-snapshot.ts';

/** For so many of the first in line a time is looked for, and their numbers are kept fresh. */
const FRESH = 20;
/** Explanations that one round writes at most; the rest follow. */
const WRITTEN_MAX = 500;

function quotaWait(mind: Mind, snapshot: QueueSnapshot, plan: QueuePlan, job: Job): Waiting {
  const account = accountOf(job);
  const cardsOf = new Map(snapshot.queue.map(({ id, cards }) => [id, cards]));
  const starting = plan.starts.filter(({ jobId }) => {
    const started = mind.book.queue.running.get(jobId as Job['id']) ?? mind.book.queue.waiting.get(jobId as Job['id']);
    return started !== undefined && accountOf(started) === account;
  });
  const inUse =
    snapshot.running
      .filter(({ accountId }) => accountId === account)
      .reduce((sum, { shares }) => sum + shares.reduce((cards, share) => cards + share.cards, 0), 0) +
    starting.reduce((sum, { jobId }) => sum + (cardsOf.get(jobId) ?? 0), 0);
  const quota = snapshot.accounts.get(account)?.quotaCards ?? 0;
  const reason = job.projectId === null ? 'organisationQuota' : 'projectQuota';
  return { reason, cardsNeeded: job.cards, quota, inUse };
}

/** Why each job of a round's line still waits. */
export function waitsOf(
  mind: Mind,
  snapshot: QueueSnapshot,
  plan: QueuePlan,
  waiting: ReadonlyMap<string, Job>,
): Map<string, Waiting> {
  const explainer = new WaitExplainer(snapshot, plan);
  const started = new Set(plan.starts.map(({ jobId }) => jobId));
  const refused = new Map(plan.refused.map(({ jobId, refusal }) => [jobId, refusal]));
  const cardsUsable = snapshot.serverCards.reduce((sum, cards) => sum + cards, 0);
  const waits = new Map<string, Waiting>();
  for (const [id, refusal] of refused) {
    const job = waiting.get(id);
    if (!job) continue;
    if (refusal === 'neverFits') waits.set(id, { reason: 'poolTooSmall', cardsNeeded: job.cards, cardsUsable });
    if (refusal === 'quotaExceeded') waits.set(id, quotaWait(mind, snapshot, plan, job));
  }
  let ahead = 0;
  for (const { id } of plan.line) {
    const job = waiting.get(id);
    if (!job || started.has(id) || refused.has(id)) continue;
    const queued = toQueued(job);
    const { wait, ...cards } = explainer.explain(queued);
    if (wait === 'firstInLine')
      waits.set(id, {
        reason: wait,
        cardsNeeded: cards.cardsNeeded,
        cardsFree: cards.cardsFree,
        startAt: plan.head?.startAt ?? null,
      });
    else {
      const earliestStartAt = ahead < FRESH ? explainer.earliestStart(queued) : null;
      waits.set(id, { reason: wait, ...cards, ahead, earliestStartAt });
    }
    ahead += 1;
  }
  return waits;
}

function isSame(a: Waiting, b: Waiting): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The explanations worth writing: a job's first, another reason, and the newest numbers of the first in line. Numbers of
 * jobs far behind would change with every round and tell nobody anything.
 */
export function explanationsToWrite(
  waits: ReadonlyMap<string, Waiting>,
  jobs: ReadonlyMap<string, Job>,
): { readonly jobId: Job['id']; readonly waiting: Waiting }[] {
  const worth: { jobId: Job['id']; waiting: Waiting }[] = [];
  for (const [id, waiting] of waits) {
    if (worth.length >= WRITTEN_MAX) break;
    const job = jobs.get(id);
    const before = job?.standing.state === 'queued' ? job.standing.waiting : null;
    if (!job) continue;
    const isNear = !('ahead' in waiting) || waiting.ahead < FRESH;
    if (before === null || before.reason !== waiting.reason || (isNear && !isSame(before, waiting)))
      worth.push({ jobId: job.id, waiting });
  }
  return worth;
}
