import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { QUEUE_POLICIES, type QueuePolicyName } from '#lib/scheduler/queue/policies.ts';
import { figuresOf, type QueueFigures } from './queue-figures.ts';
import { readQueueTrace } from './queue-pools.ts';
import { replayQueue } from './queue-replay.ts';
import type { QueueTraceJob } from './queue-trace.ts';

function job(id: string, submitted: number, cards: number, run: number, walltime = run): QueueTraceJob {
  return { id, pool: 'all', submittedMs: submitted * 1_000, cards, runMs: run * 1_000, walltimeMs: walltime * 1_000 };
}

const startsOf = (jobs: QueueTraceJob[], policy: QueuePolicyName): Record<string, number> =>
  Object.fromEntries(
    replayQueue(jobs, { servers: 1, cardsPerServer: 4 }, QUEUE_POLICIES[policy]).map(({ job, startMs }) => [
      job.id,
      startMs / 1_000,
    ]),
  );

test('what ends at an instant makes room for what is planned at that instant', () => {
  expect(startsOf([job('a', 0, 4, 10), job('b', 10, 4, 5)], 'fifo')).toEqual({ a: 0, b: 10 });
});

test('planning knows walltimes, the world knows runs', () => {
  // `a` frees its cards after 10 of 30 seconds; until then `b` is told 30, so `c` may start behind it.
  const jobs = [job('a', 0, 3, 10, 30), job('b', 1, 4, 5), job('c', 2, 1, 20)];
  expect(startsOf(jobs, 'fifo-easy')).toEqual({ a: 0, c: 2, b: 22 });
});

test('equal submissions come in the order of the file', () => {
  expect(startsOf([job('b', 0, 4, 10), job('a', 0, 4, 5)], 'fifo')).toEqual({ b: 0, a: 10 });
});

test('a job that never fits is the set-up’s mistake', () => {
  expect(() => startsOf([job('a', 0, 5, 1)], 'fifo')).toThrow('neverFits');
});

test('figures: slowdown is bounded at ten seconds, percentiles are values that occurred', () => {
  const replayed = replayQueue(
    [job('a', 0, 4, 1), job('b', 0, 4, 19), job('c', 0, 4, 20)],
    { servers: 1, cardsPerServer: 4 },
    QUEUE_POLICIES.fifo,
  );
  expect(figuresOf(replayed, 4)).toEqual({
    jobs: 3,
    meanCompletionSeconds: (1 + 20 + 40) / 3,
    p95CompletionSeconds: 40,
    meanWaitSeconds: 7,
    p95WaitSeconds: 20,
    longestWaitSeconds: 20,
    waitedOverMinute: 0,
    meanBoundedSlowdown: (1 + 20 / 19 + 2) / 3,
    p95BoundedSlowdown: 2,
    utilisation: 1,
  });
});

const TRACES = new URL('../../../shared/data/traces/', import.meta.url);

function figures(file: string, policy: QueuePolicyName): QueueFigures {
  const { pools } = readQueueTrace(readFileSync(new URL(file, TRACES), 'utf8'), { cards: null, servers: null });
  const cards = pools.reduce((sum, { pool }) => sum + pool.servers * pool.cardsPerServer, 0);
  return figuresOf(
    pools.flatMap(({ jobs, pool }) => replayQueue(jobs, pool, QUEUE_POLICIES[policy])),
    cards,
  );
}

describe.each([
  ['helios_venus_2vc_sept.csv', 'fifo', { completion: 16_534, wait: 10_883, overMinute: 904 }],
  ['helios_venus_2vc_sept.csv', 'fifo-easy', { completion: 6_102, wait: 451, overMinute: 75 }],
  ['helios_venus_2vc_sept.csv', 'sjf-easy', { completion: 5_856, wait: 205, overMinute: 120 }],
  ['lublin_256.swf', 'fifo-easy', { slowdown: 590.05, longestHours: 286, utilisation: 0.936 }],
  ['lublin_256.swf', 'sjf-easy', { slowdown: 40.56, longestHours: 2_519, utilisation: 0.79 }],
] as const)('%s under %s', (file, policy, published) => {
  const isAbsent = !existsSync(new URL(file, TRACES));

  test.skipIf(isAbsent)(isAbsent ? `SKIPPED: no ../shared/data/traces/${file}` : 'gives the published figures', () => {
    const found = figures(file, policy);
    if ('completion' in published) {
      expect(Math.round(found.meanCompletionSeconds)).toBe(published.completion);
      expect(Math.round(found.meanWaitSeconds)).toBe(published.wait);
      expect(found.waitedOverMinute).toBe(published.overMinute);
    } else {
      expect(found.meanBoundedSlowdown).toBeCloseTo(published.slowdown, 2);
      expect(Math.round(found.longestWaitSeconds / 3_600)).toBe(published.longestHours);
      expect(found.utilisation).toBeCloseTo(published.utilisation, 3);
    }
  });
});

describe.each([
  ['helios_venus_2vc_sept.csv', { completionMax: 5_900, slowdownMax: 2, longestHoursMax: 24 }],
  ['lublin_256.swf', { completionMax: Number.POSITIVE_INFINITY, slowdownMax: 110, longestHoursMax: 400 }],
] as const)('%s under kashi', (file, bar) => {
  const isAbsent = !existsSync(new URL(file, TRACES));

  test.skipIf(isAbsent)(
    isAbsent ? `SKIPPED: no ../shared/data/traces/${file}` : 'stays within what decisions/015 measured',
    () => {
      const found = figures(file, 'kashi');
      expect(found.meanCompletionSeconds).toBeLessThanOrEqual(bar.completionMax);
      expect(found.meanBoundedSlowdown).toBeLessThanOrEqual(bar.slowdownMax);
      expect(found.longestWaitSeconds / 3_600).toBeLessThanOrEqual(bar.longestHoursMax);
    },
  );
});
