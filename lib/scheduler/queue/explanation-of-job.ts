import type { Explanation, Token } from '#lib/reservations/explanation.ts';
import type { QueuedJob, QueuePlan, QueueRefusal, QueueSnapshot, QueueWait } from '../queue-types.ts';
import { explainWait } from './explain.ts';

/** The queue's reasons in the words that bookings are explained with. */
export const TOKEN_OF_REFUSAL = {
  neverFits: 'misconfigured',
  deadlineMissed: 'deadlineMissed',
  priceAboveCap: 'priceAboveCap',
  quotaExceeded: 'quotaExceeded',
  spendingLimitReached: 'spendingLimit',
} as const satisfies Record<QueueRefusal, Token>;

export const TOKEN_OF_WAIT = {
  firstInLine: 'firstInLine',
  tooFewCards: 'capacityExhausted',
  fragmented: 'fragmentedAcrossServers',
  tooLongForGap: 'tooLongForGap',
  wouldDelayFirst: 'behindInQueue',
} as const satisfies Record<QueueWait, Token>;

/** What a job is told to wait for: whoever is first in line while others have notice to leave waits for those. */
function tokenOfWait(wait: QueueWait, plan: QueuePlan): Token {
  return wait === 'firstInLine' && plan.notices.length > 0 ? 'waitingForPreemption' : TOKEN_OF_WAIT[wait];
}

/** Why a job was not started in a round, as the explanation that pages show. */
export function explanationOfJob(snapshot: QueueSnapshot, plan: QueuePlan, job: QueuedJob): Explanation {
  const refused = plan.refused.find(({ jobId }) => jobId === job.id);
  const waits = refused ? null : explainWait(snapshot, plan, job);
  const none = { count: 0, cards: 0 };
  return {
    token: refused ? TOKEN_OF_REFUSAL[refused.refusal] : tokenOfWait(waits?.wait ?? 'firstInLine', plan),
    needed: job.cards,
    numbers: waits ? { freeCards: waits.cardsFree, freeOnServer: waits.cardsFreeOnServer } : {},
    free: null,
    blocked: { reservation: none, maintenance: none, repair: none },
    earliestStartAt: plan.head?.jobId === job.id ? plan.head.startAt : null,
    sooner: [],
  };
}
