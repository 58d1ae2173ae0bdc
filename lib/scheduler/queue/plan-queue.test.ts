import { describe, expect, test } from 'vitest';
import type { QueuePolicy } from '../queue-types.ts';
import { planQueue } from './plan-queue.ts';
import { QUEUE_POLICIES } from './policies.ts';
import { account, at, FOUR_SERVERS, job, promise, running, snapshot, startedIn } from './testing.ts';

const { fifo, 'fifo-easy': easy } = QUEUE_POLICIES satisfies Record<string, QueuePolicy>;

describe('first come, first served', () => {
  test('starts the line from the front while it fits', () => {
    const queue = [job('a', 4, 60), job('b', 4, 60), job('c', 1, 60)];
    expect(startedIn(planQueue(snapshot({ queue }), fifo))).toEqual(['a', 'b']);
  });

  test('nobody passes a job that waits', () => {
    const queue = [job('a', 5, 60), job('b', 4, 60), job('c', 1, 60)];
    expect(startedIn(planQueue(snapshot({ queue }), fifo))).toEqual(['a']);
  });

  test('equal submissions go in the order of arrival, wherever they stand in the list', () => {
    const queue = [job('b', 5, 60), job('a', 5, 60)];
    expect(startedIn(planQueue(snapshot({ queue }), easy))).toEqual(['a']);
  });
});

describe('backfill', () => {
  test('the head is told the first end at which it fits', () => {
    const state = snapshot({ running: [running('x', 0, 3, 30), running('y', 0, 3, 60)], queue: [job('a', 5, 60)] });
    expect(planQueue(state, easy).head).toEqual({ jobId: 'a', startAt: at(30) });
  });

  test('a later job starts when it ends by the time of the head', () => {
    const state = { running: [running('x', 0, 6, 30)], queue: [job('a', 8, 60), job('b', 2, 30), job('c', 2, 31)] };
    expect(startedIn(planQueue(snapshot(state), easy))).toEqual(['b']);
    expect(startedIn(planQueue(snapshot({ ...state, queue: state.queue.toSpliced(1, 1) }), easy))).toEqual([]);
  });

  test('a later job may run longer on cards that the head leaves over, and only on those', () => {
    const state = snapshot({
      running: [running('x', 0, 4, 30)],
      queue: [job('a', 6, 60), job('b', 1, 600), job('c', 1, 600), job('d', 1, 600)],
    });
    const plan = planQueue(state, easy);
    expect(startedIn(plan)).toEqual(['b', 'c']);
    expect(plan.head).toEqual({ jobId: 'a', startAt: at(30) });
  });

  test('a job that would delay the head takes nothing from those that would not', () => {
    const state = snapshot({
      running: [running('x', 0, 4, 30)],
      queue: [job('a', 6, 60), job('b', 3, 600), job('c', 2, 600)],
    });
    expect(startedIn(planQueue(state, easy))).toEqual(['c']);
  });

  test('what would delay the head may start after all once something else has taken that place', () => {
    const state = snapshot({
      serverCards: [8, 8, 8],
      running: [running('x', 0, 6, 60), running('y', 1, 5, 600), running('z', 2, 8, 600)],
      queue: [job('a', 8, 100), job('b', 2, 120), job('c', 1, 30), job('d', 2, 120)],
    });
    expect(planQueue(state, easy).starts).toMatchObject([
      { jobId: 'c', shares: [{ server: 0, cards: 1 }] },
      { jobId: 'd', shares: [{ server: 1, cards: 2 }] },
    ]);
  });

  test('of a job that has no room in its layout, another of as many cards in another layout is not kept waiting', () => {
    const state = snapshot({
      ...FOUR_SERVERS,
      running: [running('x', 1, 8, 60), running('y', 2, 4, 60), running('z', 3, 8, 60)],
      queue: [job('a', 12, 60, { topology: 'same-supernode' }), job('b', 12, 60)],
    });
    expect(startedIn(planQueue(state, easy))).toEqual(['b']);
  });

  test('on several servers the head keeps its time though its place may change', () => {
    const state = snapshot({
      serverCards: [8, 8, 8],
      running: [running('x', 0, 8, 30), running('y', 1, 4, 60)],
      queue: [job('a', 16, 60), job('b', 4, 600), job('c', 4, 600)],
    });
    const plan = planQueue(state, easy);
    expect(plan.head).toEqual({ jobId: 'a', startAt: at(30) });
    expect(plan.starts.map(({ shares }) => shares)).toEqual([[{ server: 1, cards: 4 }]]);
  });

  test('a gang that lacks one card starts none', () => {
    const state = snapshot({ serverCards: [8, 8], running: [running('x', 1, 1, 30)], queue: [job('a', 16, 60)] });
    expect(planQueue(state, easy)).toMatchObject({ starts: [], head: { jobId: 'a', startAt: at(30) } });
  });
});

describe('promises', () => {
  test('a job that would run into a promise waits, a shorter one goes before it', () => {
    const state = snapshot({
      promises: [promise(0, 6, 60, 120)],
      queue: [job('a', 4, 61), job('b', 4, 60), job('c', 2, 600)],
    });
    const plan = planQueue(state, easy);
    expect(startedIn(plan)).toEqual(['b', 'c']);
    expect(plan.head).toEqual({ jobId: 'a', startAt: at(120) });
  });

  test('a gap that is long enough between two promises is found', () => {
    const promises = [promise(0, 8, 10, 60), promise(0, 8, 100, 200)];
    expect(planQueue(snapshot({ promises, queue: [job('a', 8, 40)] }), easy).head?.startAt).toEqual(at(60));
    expect(planQueue(snapshot({ promises, queue: [job('a', 8, 41)] }), easy).head?.startAt).toEqual(at(200));
  });

  test('behind a promise without an end no time is told, and it holds nobody else up', () => {
    const state = snapshot({ promises: [promise(0, 4, 0, null)], queue: [job('a', 8, 60), job('b', 4, 600)] });
    expect(planQueue(state, easy)).toMatchObject({ head: { jobId: 'a', startAt: null }, starts: [{ jobId: 'b' }] });
  });
});

describe('who is not considered', () => {
  test('a deadline that cannot be met any more is told, and the job starts no more', () => {
    const late = job('a', 1, 60, { deadlineAt: at(59) });
    const plan = planQueue(snapshot({ queue: [late, job('b', 1, 60, { deadlineAt: at(60) })] }), easy);
    expect(plan.refused).toEqual([{ jobId: 'a', refusal: 'deadlineMissed' }]);
    expect(startedIn(plan)).toEqual(['b']);
  });

  test('whoever is refused stands in nobody’s way', () => {
    const accounts = new Map([['acme/main', account({ quotaCards: 4 })]]);
    const queue = [job('a', 9, 60), job('b', 5, 60), job('c', 4, 60), job('d', 1, 60)];
    const plan = planQueue(snapshot({ accounts, queue }), fifo);
    expect(startedIn(plan)).toEqual(['c']);
    expect(plan.refused).toEqual([
      { jobId: 'a', refusal: 'neverFits' },
      { jobId: 'b', refusal: 'quotaExceeded' },
      { jobId: 'd', refusal: 'quotaExceeded' },
    ]);
  });
});
