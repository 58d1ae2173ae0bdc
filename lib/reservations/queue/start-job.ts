import { floorToSecond, type Instant } from '#lib/core/instant.ts';
import { bindCards, eventOf } from '../admission.ts';
import type { PoolMind } from '../book.ts';
import { closeBindings } from '../changes.ts';
import type { Booked } from '../types.ts';
import type { Change, Wallets } from '../decision-types.ts';
import type { Share } from '../planner-types.ts';
import { firstHoldEndAt } from './holding-on.ts';
import { obstacleOf } from './obstacles.ts';
import { type Job, reservationOfJob, type Waiting } from './types.ts';

/**
 * Starts a job on the servers that the queue's plan gave it: an ordinary reservation by the hour, its end at the job's
 * walltime, money held and cards bound in the same decision. Of the flex tier it has its cards by the hour (`holding-on.ts`).
 * What stands in the way by now is answered instead.
 */
export function decideStart(
  mind: PoolMind,
  job: Job,
  shares: readonly Share[],
  wallets: Wallets,
  now: Instant,
): readonly Change[] | Waiting {
  const terms = obstacleOf(mind, job, wallets, now);
  if ('reason' in terms) return terms;
  const { placement, price, funding } = terms;
  const { startAt, endAt } = terms.interval;
  const interval = { startAt, endAt: job.tier === 'flex' ? firstHoldEndAt(startAt, endAt) : endAt };
  const cards = mind.planner.cardsFor(shares, interval);
  if (!cards) {
    const cardsFree = mind.planner.freeCards(interval);
    const nowhere = { cardsFreeOnServer: 0, cardsFreeInSupernode: 0, ahead: 0, earliestStartAt: null };
    return { reason: 'fragmented', cardsNeeded: job.cards, cardsFree, ...nowhere };
  }
  const reservation: Booked = {
    id: reservationOfJob(job.id),
    organisationId: job.organisationId,
    projectId: job.projectId,
    skuId: job.skuId,
    priceVersionId: price.id,
    imageId: job.imageId,
    name: job.name,
    purchase: 'by-hour',
    cards: job.cards,
    topology: job.topology,
    interval,
    heldUntil: null,
    term: null,
    state: 'active',
    isBound: true,
    lost: [],
    placements: 1,
    noticedAt: interval.startAt,
    autoExtend: null,
    offeredTo: null,
    createdBy: job.submittedBy,
    createdAt: now,
  };
  return [
    { kind: 'reservationAdded', reservation, shares },
    { kind: 'moneyPlaced', reservation, step: 0, ...placement, ...funding, at: now },
    eventOf(reservation, now, 'reserved', { cards: job.cards, amountUnits: `${placement.amountUnits}` }),
    { kind: 'cardsBound', bindings: bindCards(reservation.id, cards, interval) },
    eventOf(reservation, now, 'cardsBound', { cards: cards.length }),
    eventOf(reservation, interval.startAt, 'started'),
    { kind: 'jobStarted', job, startAt: interval.startAt, at: now },
  ];
}

/** Asks a flex job to be gone by `endAt`: its reservation ends then, and what it does not use returns as after a release. */
export function decideLeave(mind: PoolMind, job: Job, endAt: Instant, now: Instant): Change[] {
  const reservation = mind.book.reservations.get(reservationOfJob(job.id));
  const leaveAt = floorToSecond(endAt);
  if (!reservation || reservation.interval.endAt === null || reservation.interval.endAt <= leaveAt) return [];
  const next = { ...reservation, interval: { ...reservation.interval, endAt: leaveAt } };
  const ids = mind.book.bindingsOf(reservation.id).map(({ id }) => id);
  return [
    { kind: 'reservationChanged', reservation: next },
    { kind: 'bindingsExtended', reservationId: reservation.id, ids, endAt: leaveAt },
    { kind: 'jobLeaving', jobId: job.id, leaveAt },
    eventOf(reservation, now, 'askedToLeave', { endAt: leaveAt }),
  ];
}

/** The job's workload is over: its cards are free on the second of the decision, what was not used returns. */
export function decideDone(mind: PoolMind, job: Job, now: Instant): Change[] {
  const reservation = mind.book.reservations.get(reservationOfJob(job.id));
  if (reservation?.state !== 'active') return [];
  const at = floorToSecond(now);
  return [
    ...closeBindings(mind, reservation, at),
    { kind: 'reservationEnded', id: reservation.id, state: 'ended', at, reason: 'released' },
    eventOf(reservation, now, 'jobDone'),
  ];
}
