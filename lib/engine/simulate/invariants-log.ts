import { reservationOfJob } from '#lib/reservations/queue/types.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { difference, factsOf } from './facts.ts';
import { replayLog } from './replay-log.ts';
import type { CommandRow } from './rows.ts';
import { each, type Invariant } from './sight.ts';

const payloadOf = ({ payload }: CommandRow): CommandPayload => JSON.parse(payload);

/** Every answer is given once; decisions are numbered without a gap, one epoch after another. */
export const answeredOnce: Invariant = ({ rows }) => {
  const decided = [...rows.commands.values()].filter(({ answers }) => answers.length > 0);
  decided.sort((a, b) => (a.decisionNumber ?? 0) - (b.decisionNumber ?? 0));
  return [
    ...each(decided, ({ id, answers }) => (answers.length === 1 ? null : `${id} was answered ${answers.length} times`)),
    ...decided.flatMap(({ id, decisionNumber, epoch }, i) => {
      const before = decided[i - 1]?.epoch ?? 0;
      const isInOrder = decisionNumber === i + 1 && (epoch ?? 0) >= before;
      return isInOrder ? [] : [`${id} is decision ${decisionNumber} of epoch ${epoch} after ${i} of epoch ${before}`];
    }),
    ...(rows.decisions === decided.length ? [] : [`${rows.decisions} decisions are counted, ${decided.length} kept`]),
  ];
};

/** The same key is the same command for ever; with another request it is refused. */
export const keysAreKept: Invariant = ({ brokenKeys, rows }) => {
  const byKey = Map.groupBy(
    [...rows.commands.values()].filter(({ key }) => key !== ''),
    ({ organisationId, key }) => `${organisationId} ${key}`,
  );
  return [
    ...brokenKeys,
    ...each(byKey, ([key, list]) => (list.length === 1 ? null : `${key} was taken ${list.length} times`)),
  ];
};

/** A reservation is there exactly when its booking was accepted, and what is refused changes nothing. */
export const refusedChangesNothing: Invariant = ({ rows, attempts }) => {
  const accepted = new Set<string>();
  for (const row of rows.commands.values()) {
    const payload = payloadOf(row);
    if (!row.answers[0]?.ok) continue;
    if (payload.kind === 'reserve') accepted.add(payload.reservationId);
    if (payload.kind === 'acceptTransfer') accepted.add(payload.newReservationId);
  }
  for (const { job, state } of rows.jobs.values()) if (state === 'started') accepted.add(reservationOfJob(job.id));
  return [
    ...each(rows.reservations.keys(), (id) => (accepted.has(id) ? null : `${id} is there, its booking was refused`)),
    ...each(accepted, (id) => (rows.reservations.has(id) ? null : `${id} was accepted and is not there`)),
    ...each(attempts, ({ decided, outcome }) => {
      const isAllRefused = decided?.entries.every(({ command, answer }) => command !== null && !answer.ok);
      return outcome === 'committed' && isAllRefused && decided && decided.changes.length > 0
        ? `a round of refusals changed ${decided.changes.map(({ kind }) => kind).join(', ')}`
        : null;
    }),
  ];
};

/** Only what cannot be written is answered so: a bad command harms no other. */
export const failuresHarmNobody: Invariant = ({ rows, keys, excused }) => {
  const bad = new Set([...excused, ...keys.filter(({ isBad }) => isBad).map(({ commandId }) => commandId)]);
  return each(rows.commands.values(), ({ id, answers: [answer] }) =>
    answer && !answer.ok && answer.refusal.code === 'decisionFailed' && !bad.has(id)
      ? `${id} failed for no fault of its own`
      : null,
  );
};

/** Deciding throws for nothing but commands that are rubbish. */
export const coreHolds: Invariant = ({ attempts, keys }) => {
  const bad = new Set<string | null>(keys.filter(({ isBad }) => isBad).map(({ commandId }) => commandId));
  return each(attempts, ({ error, isOurDoing, commands }) =>
    error === null || isOurDoing || commands.some(({ id }) => bad.has(id)) ? null : error,
  );
};

/** A round that is not kept leaves memory exactly as it was. */
export const undoExact: Invariant = ({ attempts }) =>
  attempts.flatMap(({ facts, factsTakenBack, factsRebuilt, factsRehearsed }) =>
    each(
      [factsTakenBack && difference(facts, factsTakenBack), difference(factsRebuilt, factsRehearsed)],
      (found) => found,
    ),
  );

/** A mind that is built from what is committed equals the one that has been there all along. */
export const rebuiltEqual: Invariant = ({ attempts }) =>
  each(attempts, ({ facts, factsRebuilt, outcome }) =>
    outcome === 'deposed' ? null : difference(facts, factsRebuilt),
  );

/** And it decides the next round alike. */
export const rebuiltDecidesAlike: Invariant = ({ attempts }) =>
  each(attempts, ({ decision, decisionRebuilt, outcome }) => {
    if (outcome === 'deposed' || (decision === null && decisionRebuilt === null)) return null;
    return difference(decision ?? ['threw'], decisionRebuilt ?? ['threw']);
  });

/** What an engine decides after another took over is not kept. */
export const deposedWritesNothing: Invariant = ({ attempts }) =>
  each(attempts, ({ epoch, outcome, decided, rowsAfter }) =>
    outcome === 'committed' && decided?.entries.length !== 0 && epoch !== rowsAfter.epoch
      ? `epoch ${epoch} wrote under epoch ${rowsAfter.epoch}`
      : null,
  );

/** The log of decisions, played again from the beginning, gives the same answers and the same memory. */
export const logReplays: Invariant = ({ rows, mind, now, isAtRest }) => {
  if (!isAtRest) return [];
  const { mind: replayed, problems } = replayLog(rows);
  // A leader remembers the limits of those whom it met since it leads; the log meets everybody.
  replayed.book.limits.clear();
  for (const [id, limits] of mind.book.limits) replayed.book.limits.set(id, limits);
  replayed.book.projects.clear();
  for (const [id, project] of mind.book.projects) replayed.book.projects.set(id, project);
  const found = difference(factsOf(mind, now), factsOf(replayed, now));
  return [...problems, ...(found === null ? [] : [found])];
};
