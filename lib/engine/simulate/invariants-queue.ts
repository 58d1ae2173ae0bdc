import { fromDate, plusSeconds } from '#lib/core/instant.ts';
import { reservationOfJob } from '#lib/reservations/queue/types.ts';
import { commandPayload } from '#lib/reservations/command-types.ts';
import { each, type Invariant } from './sight.ts';

/** Every job that was accepted is one row, and no other is there; what did not start is no reservation. */
export const jobsAsAccepted: Invariant = ({ rows }) => {
  const accepted = new Set<string>();
  for (const { payload: text, answers } of rows.commands.values()) {
    const payload = commandPayload.parse(JSON.parse(text));
    if (payload.kind === 'queueJob' && answers[0]?.ok) accepted.add(payload.jobId);
  }
  return [
    ...each(accepted, (id) => (rows.jobs.has(id) ? null : `${id} was accepted and is not there`)),
    ...each(rows.jobs.values(), ({ job: { id }, state }) => {
      if (!accepted.has(id)) return `${id} is there and was not accepted`;
      const isReserved = rows.reservations.has(reservationOfJob(id));
      return isReserved === (state === 'started') ? null : `${id} is ${state} and its reservation says otherwise`;
    }),
  ];
};

/** What started has all that it asked for: its cards as it wished them, for its walltime, over before its deadline. */
export const jobsAsAsked: Invariant = ({ rows, now, isAtRest }) =>
  each(rows.jobs.values(), ({ job, state }) => {
    const row = state === 'started' ? rows.reservations.get(reservationOfJob(job.id)) : undefined;
    if (!row || job.standing.state !== 'started') return null;
    const startAt = fromDate(row.startAt);
    const latestAt = plusSeconds(startAt, job.walltimeSeconds);
    const endAt = row.endAt === null ? null : fromDate(row.endAt);
    if (row.cards !== job.cards || row.topology !== job.topology || row.organisationId !== job.organisationId)
      return `${job.id} asked for ${job.cards} cards ${job.topology} and is ${row.cards} ${row.topology}`;
    if (endAt === null || endAt > latestAt) return `${job.id} may run to ${latestAt} and was given until ${endAt}`;
    if (job.deadlineAt !== null && latestAt > job.deadlineAt) return `${job.id} may run past its deadline`;
    if (endAt === latestAt) return null;
    const { leaveAt } = job.standing;
    if (leaveAt !== null) return job.tier === 'flex' && leaveAt === endAt ? null : `${job.id} was told another end`;
    // Of the flex tier it has its cards by the hour, and goes on unless it is told.
    const isHeld = job.tier === 'flex' && (row.endedAt === null ? now < endAt || !isAtRest : row.endedAt < endAt);
    return isHeld ? null : `${job.id} was cut short at ${endAt} without being told`;
  });

/** At rest, every job that waits has been told why, and none waits for a deadline that is lost. */
export const jobsTold: Invariant = ({ isAtRest, rows, now }) =>
  each(isAtRest ? rows.jobs.values() : [], ({ job: { id, standing, deadlineAt, walltimeSeconds }, state }) => {
    if (state !== 'queued' || standing.state !== 'queued') return null;
    if (standing.waiting === null) return `${id} waits and does not know why`;
    return deadlineAt !== null && plusSeconds(now, walltimeSeconds) > deadlineAt
      ? `${id} waits for a deadline that is lost`
      : null;
  });
