import { type Instant, later, plusSeconds } from '#lib/core/instant.ts';
import type { EndReason, RunStatus, Workload, WorkloadState } from './types.ts';

/** A card that a reservation has been granted, as a workload may use it. */
export type UsableCard = { readonly cardId: string; readonly serverId: string; readonly uuid: string };

/** What is to be done about a workload now; null: nothing. */
export type WorkloadStep =
  | { readonly kind: 'launch'; readonly cards: readonly UsableCard[] }
  | {
      readonly kind: 'end';
      readonly state: WorkloadState;
      readonly reason: EndReason;
      readonly exitCode: number | null;
      readonly at: Instant;
    }
  | { readonly kind: 'stop'; readonly reason: EndReason };

/** The state in which each way of ending leaves a workload. */
function stateAfter(reason: EndReason, exitCode: number | null): WorkloadState {
  switch (reason) {
    case 'exited':
      return exitCode === 0 ? 'succeeded' : 'failed';
    case 'walltime':
    case 'cardLost':
      return 'failed';
    case 'cancelledByUser':
    case 'reservationEnded':
    case 'cardsGone':
      return 'cancelled';
    case 'hostLost':
      return 'lost';
  }
}

export type Situation = {
  /** Null: the reservation is over. Otherwise its granted cards that no other workload uses. */
  readonly freeCards: readonly UsableCard[] | null;
  /** True while the reservation still has every card that the workload runs on. */
  readonly hasItsCards: boolean;
  readonly status: RunStatus;
  readonly now: Instant;
};

/** Moves one workload on: launch when its cards are there, end when the backend says so, stop when asked or out of time. */
export function nextStep(workload: Workload, { freeCards, hasItsCards, status, now }: Situation): WorkloadStep | null {
  const end = (reason: EndReason, exitCode: number | null, at: Instant): WorkloadStep => ({
    kind: 'end',
    state: stateAfter(reason, exitCode),
    reason,
    exitCode,
    at: later(at, workload.startedAt ?? workload.submittedAt),
  });
  if (workload.state === 'submitted') {
    if (workload.isCancelAsked) return end('cancelledByUser', null, now);
    if (freeCards === null) return end('reservationEnded', null, now);
    return freeCards.length >= workload.cards ? { kind: 'launch', cards: freeCards.slice(0, workload.cards) } : null;
  }
  if (status.state === 'ended') return end(status.reason, status.exitCode, status.at);
  if (status.state === 'gone') return end('hostLost', null, now);
  if (workload.isCancelAsked) return { kind: 'stop', reason: 'cancelledByUser' };
  if (freeCards === null) return { kind: 'stop', reason: 'reservationEnded' };
  if (!hasItsCards) return { kind: 'stop', reason: 'cardsGone' };
  if (workload.startedAt !== null && plusSeconds(workload.startedAt, workload.walltimeSeconds) <= now)
    return { kind: 'stop', reason: 'walltime' };
  return null;
}

/** When a running workload's walltime is over, for a clock that is paced. */
export function walltimeEndsAt(workload: Workload): Instant | null {
  return workload.state === 'running' && workload.startedAt !== null
    ? plusSeconds(workload.startedAt, workload.walltimeSeconds)
    : null;
}
