import { expect, test } from 'vitest';
import { MINUTE_MS } from '#lib/core/instant.ts';
import type { QueuePolicy, RunningJob } from '../queue-types.ts';
import { planQueue } from './plan-queue.ts';
import { QUEUE_POLICIES } from './policies.ts';
import { at, job, promise, running, snapshot, startedIn } from './testing.ts';

const policy: QueuePolicy = { ...QUEUE_POLICIES.kashi, flexNoticeMs: 10 * MINUTE_MS };
const flex = (id: string, cards: number, startedMinutes: number): RunningJob => ({
  ...running(id, 0, cards, 600),
  tier: 'flex',
  startedAt: at(startedMinutes - 10),
});

test('the youngest flex jobs leave for the first in line, no more of them than it needs', () => {
  const state = snapshot({ running: [flex('x', 3, 0), flex('y', 1, 2), flex('z', 4, 1)], queue: [job('a', 4, 60)] });
  const plan = planQueue(state, policy);
  expect(plan.notices).toEqual([{ jobId: 'z', endAt: at(10) }]);
  expect(plan.head).toEqual({ jobId: 'a', startAt: at(10) });
});

test('what starts in the same round is counted before anybody is told to leave', () => {
  const state = snapshot({ running: [flex('x', 4, 0)], queue: [job('a', 6, 120), job('b', 2, 30)] });
  const plan = planQueue(state, policy);
  expect(startedIn(plan)).toEqual(['b']);
  expect(plan.notices).toEqual([{ jobId: 'x', endAt: at(10) }]);
});

test('what the first in line is promised holds against later jobs from the notice on', () => {
  const state = snapshot({
    running: [flex('x', 7, 0)],
    queue: [job('a', 8, 120), job('b', 1, 11), job('c', 1, 10)],
  });
  expect(startedIn(planQueue(state, { ...policy, rank: QUEUE_POLICIES.fifo.rank }))).toEqual(['c']);
});

test('nobody is told to leave when that would not help, when a wait within the notice does, or for a flex job', () => {
  const told = (...[states]: Parameters<typeof snapshot>) => planQueue(snapshot(states), policy).notices;
  expect(told({ running: [flex('x', 4, 0), running('y', 0, 4, 600)], queue: [job('a', 8, 60)] })).toEqual([]);
  expect(told({ running: [flex('x', 4, 0), running('y', 0, 4, 10)], queue: [job('a', 4, 60)] })).toEqual([]);
  expect(told({ running: [flex('x', 8, 0)], queue: [job('a', 8, 60, { tier: 'flex' })] })).toEqual([]);
  expect(told({ running: [{ ...flex('x', 8, 0), isLeaving: true }], queue: [job('a', 8, 60)] })).toEqual([]);
});

test('a flex job leaves by the time of a promise that came after it, told once the notice is due', () => {
  const state = snapshot({ running: [flex('x', 4, 1), flex('y', 4, 0)], promises: [promise(0, 4, 30, 60)] });
  expect(planQueue(state, policy).notices).toEqual([]);
  expect(planQueue({ ...state, now: at(20) }, policy).notices).toEqual([{ jobId: 'x', endAt: at(30) }]);
});
