import { expect, test } from 'vitest';
import type { QueuedJob, QueueSnapshot } from '../queue-types.ts';
import { explainWait } from './explain.ts';
import { planQueue } from './plan-queue.ts';
import { QUEUE_POLICIES } from './policies.ts';
import { job, promise, running, snapshot } from './testing.ts';

const easy = QUEUE_POLICIES['fifo-easy'];

function waitOf(candidate: QueuedJob, more: Partial<QueueSnapshot>): string {
  const state = snapshot({ ...more, queue: [...(more.queue ?? []), candidate] });
  return explainWait(state, planQueue(state, easy), candidate).wait;
}

test('says which rule keeps a job waiting', () => {
  const first = job('a', 16, 60);
  const busy = { serverCards: [8, 8], running: [running('x', 0, 6, 30), running('y', 1, 6, 30)] };
  expect(waitOf(first, busy)).toBe('firstInLine');
  expect(waitOf(job('b', 5, 20), { ...busy, queue: [first] })).toBe('tooFewCards');
  expect(waitOf(job('b', 3, 20), { ...busy, queue: [first] })).toBe('fragmented');
  expect(waitOf(job('b', 2, 31), { ...busy, queue: [first] })).toBe('wouldDelayFirst');
  expect(
    waitOf(job('b', 2, 31), { ...busy, queue: [first], promises: [promise(0, 2, 20, 40), promise(1, 2, 20, 40)] }),
  ).toBe('tooLongForGap');
});

test('gives the numbers behind it, after what the round started', () => {
  const state = snapshot({ serverCards: [8, 8], queue: [job('a', 5, 60), job('b', 4, 60), job('c', 8, 60)] });
  const plan = planQueue(state, easy);
  expect(explainWait(state, plan, job('c', 8, 60))).toEqual({
    wait: 'firstInLine',
    cardsNeeded: 8,
    cardsFree: 7,
    cardsFreeOnServer: 4,
    cardsFreeInSupernode: 7,
  });
});
