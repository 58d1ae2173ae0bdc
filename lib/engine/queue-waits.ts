import type { Job, Waiting } from '#lib/reservations/queue/types.ts';
import { WaitExplainer } from '#lib/scheduler/queue/explain.ts';
import type { QueuedJob, QueuePlan, QueueSnapshot } from '#lib/scheduler/queue-types.ts';
import { accountOf } from '#lib/reservations/queue/job-book.ts';

/** For so many of the first in line a time is looked for, and their numbers are kept fresh. */
const FRESH = 20;
/** Explanations that one round writes at most; the rest follow. */
const WRITTEN_MAX = 500;

type Told = { readonly jobId: Job['id']; readonly waiting: Waiting };

/** What accounts hold once a plan is carried out, as the queue counts it. */
class InUse {
  readonly #cards = new Map<string, number>();

  constructor({ running, queue }: QueueSnapshot, { starts }: QueuePlan) {
    for (const { accountId, shares } of running) for (const { cards } of shares) this.#add(accountId, cards);
    if (starts.length === 0) return;
    const started = new Set(starts.map(({ jobId }) => jobId));
    for (const { id, accountId, cards } of queue) if (started.has(id)) this.#add(accountId, cards);
  }

  #add(accountId: string, cards: number): void {
    this.#cards.set(accountId, this.of(accountId) + cards);
  }

  of(accountId: string): number {
    return this.#cards.get(accountId) ?? 0;
  }
}

function quotaWait(snapshot: QueueSnapshot, inUse: InUse, job: Job): Waiting {
  const account = accountOf(job);
  const quota = snapshot.accounts.get(account)?.quotaCards ?? 0;
  const reason = job.projectId === null ? 'organisationQuota' : 'projectQuota';
  return { reason, cardsNeeded: job.cards, quota, inUse: inUse.of(account) };
}

/** Why those wait whom a plan did not even consider. */
function* ofRefused(
  snapshot: QueueSnapshot,
  plan: QueuePlan,
  waiting: ReadonlyMap<string, Job>,
): Generator<readonly [Job, Waiting]> {
  if (plan.refused.length === 0) return;
  const cardsUsable = snapshot.serverCards.reduce((sum, cards) => sum + cards, 0);
  const inUse = new InUse(snapshot, plan);
  for (const { jobId, refusal } of plan.refused) {
    const job = waiting.get(jobId);
    if (!job) continue;
    if (refusal === 'neverFits') yield [job, { reason: 'poolTooSmall', cardsNeeded: job.cards, cardsUsable }];
    if (refusal === 'quotaExceeded') yield [job, quotaWait(snapshot, inUse, job)];
  }
}

/** Why a job of the line waits, with its numbers; a time is looked for only where it stands near the front. */
function inLine(explainer: WaitExplainer, plan: QueuePlan, queued: QueuedJob, ahead: number): Waiting {
  const { wait, ...cards } = explainer.explain(queued);
  if (wait === 'firstInLine')
    return {
      reason: wait,
      cardsNeeded: cards.cardsNeeded,
      cardsFree: cards.cardsFree,
      startAt: plan.head?.startAt ?? null,
    };
  const earliestStartAt = ahead < FRESH ? explainer.earliestStart(queued) : null;
  return { reason: wait, ...cards, ahead, earliestStartAt };
}

/**
 * What is worth telling jobs after a round: a job's first explanation, another reason, and the newest numbers of those first
 * in line. Numbers of jobs far behind would change with every round and tell nobody anything. `obstacles`: what keeps jobs
 * waiting that the plan was not asked about.
 */
export function explanationsToWrite(
  waiting: ReadonlyMap<string, Job>,
  snapshot: QueueSnapshot,
  plan: QueuePlan,
  obstacles: ReadonlyMap<string, Waiting>,
): readonly Told[] {
  const worth: Told[] = [];
  const tell = (job: Job, why: Waiting): void => {
    if (worth.length < WRITTEN_MAX && isNews(job, why)) worth.push({ jobId: job.id, waiting: why });
  };
  for (const [job, why] of ofRefused(snapshot, plan, waiting)) tell(job, why);
  const explainer = new WaitExplainer(snapshot, plan);
  const started = new Set(plan.starts.map(({ jobId }) => jobId));
  const refused = new Set(plan.refused.map(({ jobId }) => jobId));
  let ahead = 0;
  for (const queued of plan.line) {
    if (worth.length === WRITTEN_MAX) break;
    const job = waiting.get(queued.id);
    if (!job || started.has(queued.id) || refused.has(queued.id)) continue;
    // Of the many that stand further back, nearly all still wait for what they were told.
    const isNear = ahead < FRESH;
    if (isNear || reasonTold(job) !== explainer.waitOf(queued)) tell(job, inLine(explainer, plan, queued, ahead));
    ahead += 1;
  }
  for (const [id, why] of obstacles) {
    const job = waiting.get(id);
    if (job) tell(job, why);
  }
  return worth;
}

function reasonTold({ standing }: Job): Waiting['reason'] | null {
  return standing.state === 'queued' ? (standing.waiting?.reason ?? null) : null;
}

/** True when a job has not been told so. */
function isNews(job: Job, why: Waiting): boolean {
  const before = job.standing.state === 'queued' ? job.standing.waiting : null;
  if (before === null || before.reason !== why.reason) return true;
  const isNear = !('ahead' in why) || why.ahead < FRESH;
  return isNear && JSON.stringify(before) !== JSON.stringify(why);
}
