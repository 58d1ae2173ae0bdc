import { fromDate, plusSeconds } from '#lib/core/instant.ts';
import { FOREVER } from '#lib/core/interval.ts';
import { nextDue } from '#lib/reservations/timers.ts';
import { BIND_LEAD_SECONDS } from '#lib/reservations/types.ts';
import { intervalOf, liveRows } from './rows.ts';
import { each, type Invariant } from './sight.ts';

/** At rest, no command waits for its answer and nothing that is due is left. */
export const nothingWaits: Invariant = ({ isAtRest, rows, mind, now }) => {
  if (!isAtRest) return [];
  const due = nextDue(mind);
  return [
    ...each(rows.commands.values(), ({ id, answers }) => (answers.length > 0 ? null : `${id} waits for its answer`)),
    ...(due && due.at <= now ? [`${due.kind} was due at ${due.at}, it is ${now}`] : []),
  ];
};

/** What is over ended on the second that was bought, and nothing runs on. */
export const endsOnTime: Invariant = ({ isAtRest, rows, now }) => [
  ...each(rows.reservations.values(), (row) => {
    const { endAt } = intervalOf(row);
    if (row.endReason !== 'term') return null;
    return row.endedAt === endAt ? null : `${row.id} was bought to ${endAt} and ended at ${row.endedAt}`;
  }),
  ...each(liveRows(rows), (row) => {
    const { endAt } = intervalOf(row);
    return isAtRest && endAt !== null && endAt <= now ? `${row.id} runs on after ${endAt}` : null;
  }),
];

/** Nobody holds a card, has money set aside, or stands in the plan after the end; what was cancelled never held one. */
export const overMeansOver: Invariant = ({ rows, mind }) => {
  const ended = [...rows.reservations.values()].filter(({ endedAt }) => endedAt !== null);
  const endOf = new Map(ended.map((row) => [row.id, row.state === 'cancelled' ? fromDate(row.startAt) : row.endedAt]));
  return [
    ...each(rows.allocations.values(), ({ id, reservationId, interval }) => {
      const endedAt = endOf.get(reservationId);
      return endedAt === undefined || endedAt === null || (interval.endAt ?? FOREVER) <= endedAt
        ? null
        : `${id} runs to ${interval.endAt}, its reservation was over at ${endedAt}`;
    }),
    ...each(rows.placements.values(), ({ key, reservationId, at }) => {
      const row = rows.reservations.get(reservationId);
      return row?.endedAt === null || row?.endedAt === undefined || at <= row.endedAt
        ? null
        : `${key} was set aside after the end`;
    }),
    ...each(mind.book.allBindings(), ({ id, reservationId }) =>
      endOf.has(reservationId) ? `${id} is still bound` : null,
    ),
  ];
};

/** A promise has its cards half an hour before its start and runs from its start; in a pool that was always whole, all of them. */
export const boundInTime: Invariant = ({ isAtRest, rows, now, wasShort, mind }) =>
  each(isAtRest ? liveRows(rows) : [], (row) => {
    const { startAt } = intervalOf(row);
    if (!row.isBound && plusSeconds(startAt, -BIND_LEAD_SECONDS) <= now) return `${row.id} has no cards yet`;
    if ((row.state === 'active') !== startAt <= now)
      return `${row.id} is ${row.state} at ${now}, it starts at ${startAt}`;
    if (!row.isBound || wasShort) return null;
    const found = [...mind.book.allBindings()].filter(({ reservationId }) => reservationId === row.id).length;
    return found === row.cards ? null : `${row.id} was promised ${row.cards} cards and has ${found}`;
  });
