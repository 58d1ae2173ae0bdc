import { instant } from '#lib/core/instant.ts';
import { type Explanation, fragmentedOver, NOTHING_BLOCKED, type Token } from '../explanation.ts';
import type { WaitReason } from './types.ts';
import type { JobView } from './view-types.ts';

/** The queue's reasons in the words that bookings are explained with. */
const TOKEN_OF_REASON = {
  firstInLine: 'firstInLine',
  tooFewCards: 'capacityExhausted',
  tooLongForGap: 'tooLongForGap',
  wouldDelayFirst: 'behindInQueue',
  poolTooSmall: 'waitingForRepair',
  ourFault: 'systemFault',
  notSold: 'quoteOutdated',
  imageRetired: 'misconfigured',
  projectClosed: 'misconfigured',
  priceAboveCap: 'priceAboveCap',
  organisationQuota: 'quotaExceeded',
  projectQuota: 'quotaExceeded',
  organisationLimit: 'spendingLimit',
  projectLimit: 'spendingLimit',
  funds: 'fundsInsufficient',
} as const satisfies Record<Exclude<WaitReason, 'fragmented'>, Token>;

/** Why a job waits, as the engine's last round found it, or was refused; null when it does neither. */
export function explanationOfJob(
  job: Pick<JobView, 'state' | 'cards' | 'topology' | 'waiting' | 'dismissal'>,
): Explanation | null {
  const { state, cards, topology, waiting, dismissal } = job;
  const of = (token: Token, numbers: Explanation['numbers'], earliestStartAt: number | null): Explanation => ({
    token,
    needed: cards,
    numbers,
    free: null,
    blocked: NOTHING_BLOCKED,
    earliestStartAt: earliestStartAt === null ? null : instant(earliestStartAt),
    sooner: [],
  });
  if (state === 'refused' && dismissal) {
    const { reason, ...numbers } = dismissal;
    return of(reason, numbers, null);
  }
  if (state !== 'queued') return null;
  if (waiting === null) return of('awaitingDecision', {}, null);
  const { reason, ...numbers } = waiting;
  const earliestStartAt =
    waiting.reason === 'firstInLine' ? waiting.startAt : 'earliestStartAt' in waiting ? waiting.earliestStartAt : null;
  const token = reason === 'fragmented' ? fragmentedOver(topology) : TOKEN_OF_REASON[reason];
  return of(token, { code: reason, ...numbers }, earliestStartAt);
}
