import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { decideQueue } from './queue-deciding.ts';
import { afterFailure, afterSuccess, FIRST_PACE, isQueueDue, paceAfter } from './queue-pace.ts';
import { RICH, T0 } from './testing.ts';
import { queuePool, roundOf, submitJob } from './testing-queue.ts';

const NO_NEWS = { mayHaveOverJobs: false, mayHaveMoney: false };
const IN_FIVE_MINUTES = plusSeconds(T0, 300);

test('a round that could not be written is tried again at once with one start; then that job is held back', () => {
  const mind = queuePool();
  submitJob(mind, 'a');
  submitJob(mind, 'b');
  const both = roundOf(mind, T0);
  both.undo();
  const second = paceAfter(mind, afterFailure(FIRST_PACE, both, T0), both);
  expect(second).toMatchObject({ startsMax: 1, isUnfinished: true });
  const one = decideQueue(mind, { ...second, over: [], wallets: RICH, now: T0 });
  one.undo();
  const third = paceAfter(mind, afterFailure(second, one, T0), one);
  expect(third.heldBack).toEqual(new Map([['job_a', IN_FIVE_MINUTES]]));
  const rest = decideQueue(mind, { ...third, over: [], wallets: RICH, now: T0 });
  expect(rest.changes.flatMap((change) => (change.kind === 'jobStarted' ? [change.job.name] : []))).toEqual(['b']);
  expect(paceAfter(mind, afterSuccess(third, rest, T0), rest).dueAt).toBe(IN_FIVE_MINUTES);
});

test('a round that starts nothing and cannot be written is tried at once, and again five minutes later, not never', () => {
  const mind = queuePool();
  submitJob(mind, 'late', { deadlineAt: plusSeconds(T0, 3_601) });
  const now = plusSeconds(T0, 60);
  const dismissal = roundOf(mind, now);
  dismissal.undo();
  const second = paceAfter(mind, afterFailure(FIRST_PACE, dismissal, now), dismissal);
  expect(isQueueDue(mind, second, NO_NEWS, now)).toBe(true);
  const third = paceAfter(mind, afterFailure(second, dismissal, now), dismissal);
  expect(isQueueDue(mind, third, NO_NEWS, now)).toBe(false);
  expect(isQueueDue(mind, third, NO_NEWS, plusSeconds(now, 300))).toBe(true);
});

test('what is decided does not depend on the order in which memory was filled', () => {
  const mind = queuePool();
  for (const id of ['a', 'b', 'c']) submitJob(mind, id, { priceCapE10: '1' });
  const first = mind.book.queue.waiting.get('job_a' as Id<'job'>);
  const before = roundOf(mind, T0);
  before.undo();
  if (first) mind.apply({ kind: 'jobCancelled', jobId: first.id, at: T0 })();
  expect([...mind.book.queue.waiting.keys()]).toEqual(['job_b', 'job_c', 'job_a']);
  const after = roundOf(mind, T0);
  expect(after.changes).toEqual(before.changes);
});
