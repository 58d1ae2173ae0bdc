import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#lib/core/instant.ts';
import type { QueuedJob, QueueSnapshot } from '../queue-types.ts';
import { fairOrder, ordered } from './order.ts';
import { planQueue } from './plan-queue.ts';
import { QUEUE_POLICIES } from './policies.ts';
import { account, at, job, running, snapshot, startedIn } from './testing.ts';

const DAY = 24 * 60;
const policy = {
  rank: fairOrder({ starvationMs: 7 * DAY_MS, smallWalltimeMs: HOUR_MS, patienceMs: DAY_MS }),
  backfill: 'easy',
  flexNoticeMs: 0,
} as const;

function orderOf(queue: QueuedJob[], more: Partial<QueueSnapshot> = {}): string {
  return ordered(snapshot({ queue, now: at(7 * DAY), ...more }), policy)
    .map(({ id }) => id)
    .join('');
}

const fresh = { submittedAt: at(7 * DAY - 1) };

test('small jobs go first, the shortest of them before the others', () => {
  expect(orderOf([job('a', 1, 90, fresh), job('b', 1, 60, fresh), job('c', 1, 5, fresh)])).toBe('cba');
});

test('longer jobs go by walltime while they are young, by arrival once they have waited their patience', () => {
  const waited = { submittedAt: at(5 * DAY) };
  expect(
    orderOf([job('a', 1, 90, fresh), job('b', 1, 80, fresh), job('c', 1, 900, waited), job('d', 1, 700, waited)]),
  ).toBe('cdba');
});

test('who starves goes before everybody, one at a time, the longest wait first', () => {
  const starving = { submittedAt: at(0) };
  expect(orderOf([job('a', 1, 5, fresh), job('c', 1, 900, starving), job('b', 1, 901, starving)])).toBe('bac');
  expect(orderOf([job('a', 1, 5, fresh), job('b', 1, 900, { submittedAt: at(1) })])).toBe('ab');
});

test('who starves is promised a time that nobody delays', () => {
  const state = snapshot({
    now: at(7 * DAY),
    running: [running('x', 0, 7, 7 * DAY + 30)],
    queue: [job('a', 8, 900), job('b', 1, 31, fresh), job('c', 1, 30, fresh)],
  });
  const plan = planQueue(state, policy);
  expect(plan.head).toEqual({ jobId: 'a', startAt: at(7 * DAY + 30) });
  expect(startedIn(plan)).toEqual(['c']);
});

test('a starving job that may not start gives the front to the next', () => {
  const accounts = new Map([['poor/main', account({ quotaCards: 1 })]]);
  const queue = [job('a', 8, 900, { accountId: 'poor/main' }), job('b', 8, 900), job('c', 1, 30, fresh)];
  expect(startedIn(planQueue(snapshot({ now: at(8 * DAY), accounts, queue }), policy))).toEqual(['b']);
});

test('tiers go before everything but starvation, and a flex job never starves', () => {
  const [urgent, flex] = [
    { ...fresh, tier: 'urgent' as const },
    { submittedAt: at(0), tier: 'flex' as const },
  ];
  expect(orderOf([job('a', 1, 5, flex), job('b', 1, 5, fresh), job('c', 1, 900, urgent)])).toBe('cba');
});

test('who has used less of their share lately goes first, whatever the walltime', () => {
  const usage = (cardSeconds: bigint) => ({ cardSeconds, asOf: at(7 * DAY) });
  const accounts = new Map([
    ['busy/main', account({ quotaCards: 16, usage: usage(16n * 36_000n) })],
    ['calm/main', account({ quotaCards: 160, usage: usage(16n * 36_000n) })],
  ]);
  const queue = [
    job('a', 1, 5, { ...fresh, accountId: 'busy/main' }),
    job('b', 1, 900, { ...fresh, accountId: 'calm/main' }),
  ];
  expect(orderOf(queue, { accounts })).toBe('ba');
});

test('the market’s own settings bound a wait at two weeks', () => {
  const starving = job('z', 1, 9_000, { submittedAt: at(0) });
  const state = snapshot({ now: at(14 * DAY), queue: [job('a', 1, 1, { submittedAt: at(14 * DAY) }), starving] });
  expect(ordered(state, QUEUE_POLICIES.kashi)[0]?.id).toBe('z');
  expect(ordered({ ...state, now: at(14 * DAY - 1) }, QUEUE_POLICIES.kashi)[0]?.id).toBe('a');
});
