import { expect, test } from 'vitest';
import { priceE10, units } from '#lib/core/money.ts';
import type { QueuedJob, QueueSnapshot } from '../queue-types.ts';
import { explanationOfJob } from './explanation-of-job.ts';
import { planQueue } from './plan-queue.ts';
import { QUEUE_POLICIES } from './policies.ts';
import { account, at, job, promise, running, snapshot } from './testing.ts';

const first = job('a', 16, 60);
const busy = { serverCards: [8, 8], running: [running('x', 0, 6, 30), running('y', 1, 6, 30)] };

function why(candidate: QueuedJob, more: Partial<QueueSnapshot> = {}) {
  const state = snapshot({ ...more, queue: [...(more.queue ?? []), candidate] });
  return explanationOfJob(state, planQueue(state, QUEUE_POLICIES['fifo-easy']), candidate);
}

test('every reason of the queue has its word', () => {
  const behind = { ...busy, queue: [first] };
  expect(why(first, busy)).toMatchObject({ token: 'firstInLine', needed: 16, earliestStartAt: at(30) });
  expect(why(job('b', 5, 20), behind)).toMatchObject({
    token: 'capacityExhausted',
    numbers: { freeCards: 4, freeOnServer: 2 },
    earliestStartAt: null,
  });
  expect(why(job('b', 3, 20), behind).token).toBe('fragmentedAcrossServers');
  expect(why(job('b', 2, 31), behind).token).toBe('behindInQueue');
  const promises = [promise(0, 2, 20, 40), promise(1, 2, 20, 40)];
  expect(why(job('b', 2, 31), { ...behind, promises }).token).toBe('tooLongForGap');
  expect(why(job('a', 9, 10)).token).toBe('misconfigured');
  expect(why(job('a', 1, 10, { deadlineAt: at(5) })).token).toBe('deadlineMissed');
  expect(why(job('a', 1, 10, { priceCapE10: priceE10(1n) })).token).toBe('priceAboveCap');
  const poor = (more: Parameters<typeof account>[0]) => ({ accounts: new Map([['acme/main', account(more)]]) });
  expect(why(job('a', 2, 10), poor({ quotaCards: 1 })).token).toBe('quotaExceeded');
  expect(why(job('a', 2, 10), poor({ limitLeftUnits: units(1n) })).token).toBe('spendingLimit');
});

test('the first in line waits for flex workloads that have notice', () => {
  const flex = { ...running('x', 0, 8, 60), tier: 'flex' as const };
  const state = snapshot({ running: [flex], queue: [job('a', 8, 30)] });
  const plan = planQueue(state, QUEUE_POLICIES['kashi']);
  expect(plan.notices).toHaveLength(1);
  expect(explanationOfJob(state, plan, job('a', 8, 30)).token).toBe('waitingForPreemption');
});
