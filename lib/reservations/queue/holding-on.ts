import { present } from '#lib/core/assert.ts';
import { ceilToHour, earlier, HOUR_MS, type Instant, plusMs, plusSeconds } from '#lib/core/instant.ts';
import { eventOf } from '../admission.ts';
import type { Book, PoolMind } from '../book.ts';
import { roomToExtend } from '../changes.ts';
import { quotaPassed } from '../limits.ts';
import { BIND_LEAD_SECONDS, type Booked } from '../types.ts';
import type { Change } from '../decision-types.ts';
import { type Job, jobOfReservation } from './types.ts';

/**
 * So long before a flex job's cards are no longer its own it is decided whether it goes on: before bookings of that hour are
 * bound, so that they take other cards where there are some, and earlier than the notice that was agreed.
 */
const HOLD_LEAD_SECONDS = BIND_LEAD_SECONDS + 300;

/** What a flex job holds at first: to the next full hour that is not too near, as bookings begin on full hours. */
export function firstHoldEndAt(startAt: Instant, endAt: Instant): Instant {
  return earlier(endAt, ceilToHour(plusSeconds(startAt, HOLD_LEAD_SECONDS)));
}

/** When a running job is over at the latest. */
export function walltimeEndAt(startAt: Instant, { walltimeSeconds }: Pick<Job, 'walltimeSeconds'>): Instant {
  return plusSeconds(startAt, walltimeSeconds);
}

/**
 * The flex job of a reservation, when it holds its cards for less than its walltime and was not told to leave; null when the
 * end of the reservation stands.
 */
export function goesOn({ queue }: Pick<Book, 'queue'>, { id, interval }: Booked): Job | null {
  if (queue.running.size === 0) return null;
  const job = queue.running.get(jobOfReservation(id));
  if (job?.tier !== 'flex' || job.standing.state !== 'started' || job.standing.leaveAt !== null) return null;
  const endAt = present(interval.endAt, 'end of a job');
  return endAt < walltimeEndAt(interval.startAt, job) ? job : null;
}

/** When it is decided whether a flex job goes on; null when its end stands. */
export function holdOnDueAt(book: Pick<Book, 'queue'>, reservation: Booked): Instant | null {
  if (goesOn(book, reservation) === null) return null;
  return plusSeconds(present(reservation.interval.endAt, 'end of a job'), -HOLD_LEAD_SECONDS);
}

/**
 * A flex job keeps its cards for one more hour when nobody else was promised them and its quota has room; else it is told to be gone by
 * the end of what it holds. Its money was set aside for all of its walltime when it started.
 */
export function decideHoldOn(mind: PoolMind, reservation: Booked, at: Instant): Change[] {
  const job = present(goesOn(mind.book, reservation), 'a flex job that may go on');
  const { interval } = reservation;
  const heldTo = present(interval.endAt, 'end of a job');
  const endAt = earlier(plusMs(heldTo, HOUR_MS), walltimeEndAt(interval.startAt, job));
  const next: Booked = { ...reservation, interval: { ...interval, endAt }, noticedAt: at };
  if (!quotaPassed(mind.book, job, job.cards, { startAt: heldTo, endAt })) {
    const room = roomToExtend(mind, reservation, next);
    if (room.ok) return [{ kind: 'reservationChanged', reservation: next }, ...room.value];
  }
  return [
    { kind: 'jobLeaving', jobId: job.id, leaveAt: heldTo },
    { kind: 'reservationChanged', reservation: { ...reservation, noticedAt: at } },
    eventOf(reservation, at, 'askedToLeave', { endAt: heldTo }),
  ];
}
