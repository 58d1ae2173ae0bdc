import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, type Instant } from '#lib/core/instant.ts';
import { endOf } from '#lib/core/interval.ts';
import type { PromisedBlock, QueuedJob, QueuePlan, QueuePolicy, RunningJob } from '../queue-types.ts';
import type { Share } from '../types.ts';
import { fairOrder } from './order.ts';
import { planQueue } from './plan-queue.ts';
import { QUEUE_POLICIES } from './policies.ts';
import { at, job, promise, snapshot } from './testing.ts';

const SERVERS = 3;
const SIZE = 8;

// Starvation and patience within the minutes of a test, so that every branch of the order is taken.
const hasty: QueuePolicy = {
  rank: fairOrder({ starvationMs: 2 * HOUR_MS, smallWalltimeMs: HOUR_MS / 4, patienceMs: HOUR_MS / 2 }),
  backfill: 'easy',
  flexNoticeMs: 0,
};
const POLICIES: Readonly<Record<string, QueuePolicy>> = { ...QUEUE_POLICIES, hasty };
const policies = fc.constantFrom(...Object.keys(POLICIES));

type Arrival = { readonly queued: QueuedJob; readonly runMinutes: number };

const arrivals = fc
  .array(
    fc.record({
      minute: fc.nat(60),
      cards: fc.oneof(fc.integer({ min: 1, max: SIZE }), fc.integer({ min: 1, max: SERVERS * SIZE })),
      walltime: fc.integer({ min: 1, max: 120 }),
      early: fc.nat(119),
    }),
    { maxLength: 25 },
  )
  .map((drawn) =>
    drawn.map(({ minute, cards, walltime, early }, sequence): Arrival => {
      const queued = job(`j${sequence}`, cards, walltime, { sequence, submittedAt: at(minute) });
      return { queued, runMinutes: Math.max(1, walltime - early) };
    }),
  );

/** Promises that fit beside each other: at most half of each server at a time. */
const promises = fc.array(
  fc
    .record({
      server: fc.nat(SERVERS - 1),
      half: fc.nat(1),
      from: fc.nat(200),
      minutes: fc.integer({ min: 1, max: 60 }),
    })
    .map(({ server, half, from, minutes }) => ({ server, half, from, until: from + minutes })),
  { maxLength: 6 },
);

function sideBySide(drawn: { server: number; half: number; from: number; until: number }[]): PromisedBlock[] {
  return drawn
    .filter((one, i) =>
      drawn
        .slice(0, i)
        .every(
          (other) =>
            other.server !== one.server ||
            other.half !== one.half ||
            other.from >= one.until ||
            one.from >= other.until,
        ),
    )
    .map(({ server, from, until }) => promise(server, SIZE / 2, from, until));
}

type Ran = {
  readonly queued: QueuedJob;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly shares: readonly Share[];
};

/** Runs a queue to its end; `onRound` sees who waited as a round began, and what the round decided. */
function runOut(
  all: readonly Arrival[],
  blocks: readonly PromisedBlock[],
  policy: QueuePolicy,
  onRound: (now: Instant, waiting: readonly QueuedJob[], plan: QueuePlan) => void = () => {},
): Ran[] {
  const ran: Ran[] = [];
  let queue: QueuedJob[] = [];
  const moments = new Set<Instant>([
    ...all.map(({ queued }) => queued.submittedAt),
    ...blocks.map(({ interval }) => endOf(interval)),
  ]);
  for (let now = Math.min(...moments) as Instant; moments.size > 0; now = Math.min(...moments) as Instant) {
    moments.delete(now);
    queue.push(...all.filter(({ queued }) => queued.submittedAt === now).map(({ queued }) => queued));
    const running = ran
      .filter(({ endAt }) => endAt > now)
      .map(({ queued, startAt, shares }): RunningJob => {
        const endAt = (startAt + queued.walltimeMs) as Instant;
        return { id: queued.id, accountId: '', tier: queued.tier, startedAt: startAt, endAt, shares, isLeaving: false };
      });
    const serverCards = new Array<number>(SERVERS).fill(SIZE);
    const plan = planQueue(snapshot({ now, serverCards, running, promises: blocks, queue }), policy);
    for (const { jobId, shares } of plan.starts) {
      const arrival = all.find(({ queued }) => queued.id === jobId);
      if (!arrival) throw new Error(`${jobId} never arrived`);
      const endAt = (now + arrival.runMinutes * 60_000) as Instant;
      moments.add(endAt);
      ran.push({ queued: arrival.queued, startAt: now, endAt, shares });
    }
    onRound(now, queue, plan);
    const started = new Set(plan.starts.map(({ jobId }) => jobId));
    queue = queue.filter(({ id }) => !started.has(id));
  }
  return ran;
}

test('every job runs once, as a whole, and never on more cards than there are or across a promise', () => {
  fc.assert(
    fc.property(arrivals, promises, policies, (all, drawn, name) => {
      const blocks = sideBySide(drawn);
      const ran = runOut(all, blocks, POLICIES[name] ?? hasty);
      expect(ran.map(({ queued }) => queued.id).sort()).toEqual(all.map(({ queued }) => queued.id).sort());
      for (const { queued, shares, startAt } of ran) {
        expect(shares.reduce((sum, { cards }) => sum + cards, 0)).toBe(queued.cards);
        expect(startAt).toBeGreaterThanOrEqual(queued.submittedAt);
      }
      // A job holds its cards for its walltime while others are planned, and runs no longer.
      const spans = [
        ...ran.map(({ startAt, endAt, shares }) => ({ startAt, endAt, shares })),
        ...blocks.map(({ interval, shares }) => ({ startAt: interval.startAt, endAt: endOf(interval), shares })),
      ];
      for (const { startAt } of spans) {
        const taken = new Array<number>(SERVERS).fill(0);
        for (const span of spans) {
          if (span.startAt > startAt || span.endAt <= startAt) continue;
          for (const { server, cards } of span.shares) taken[server] = (taken[server] ?? 0) + cards;
        }
        expect(Math.max(...taken)).toBeLessThanOrEqual(SIZE);
      }
    }),
    { numRuns: 300 },
  );
});

test('the time of the first in line never moves later, and it starts by then', () => {
  const steady = fc.constantFrom('fifo-easy', 'sjf-easy') as fc.Arbitrary<'fifo-easy' | 'sjf-easy'>;
  fc.assert(
    fc.property(arrivals, promises, steady, (all, drawn, name) => {
      // Without later arrivals nobody takes the front from the first in line.
      const together = all.map((arrival) => ({ ...arrival, queued: { ...arrival.queued, submittedAt: at(0) } }));
      const told = new Map<string, Instant>();
      const ran = runOut(together, sideBySide(drawn), QUEUE_POLICIES[name], (_now, _waiting, { head }) => {
        if (!head?.startAt) return;
        expect(head.startAt).toBeLessThanOrEqual(told.get(head.jobId) ?? Number.POSITIVE_INFINITY);
        told.set(head.jobId, head.startAt);
      });
      for (const { queued, startAt } of ran)
        expect(startAt).toBeLessThanOrEqual(told.get(queued.id) ?? Number.POSITIVE_INFINITY);
    }),
    { numRuns: 300 },
  );
});

test('with starvation bounded, who has starved longest as a round begins starts in it or is first in line', () => {
  fc.assert(
    fc.property(arrivals, (all) => {
      runOut(all, [], hasty, (now, waiting, { starts, head, line }) => {
        const starving = waiting
          .filter(({ submittedAt }) => now - submittedAt >= 2 * HOUR_MS)
          .sort((a, b) => a.submittedAt - b.submittedAt || a.sequence - b.sequence)[0];
        if (!starving) return;
        expect(line[0]?.id).toBe(starving.id);
        // Whoever starves next has its turn in the next round: one at a time (`decisions/015`).
        expect([...starts.map(({ jobId }) => jobId), head?.jobId]).toContain(starving.id);
      });
    }),
    { numRuns: 300 },
  );
});

test('the same state gives the same plan, in whatever order its lists are', () => {
  fc.assert(
    fc.property(arrivals, policies, (all, name) => {
      const queue = all.map(({ queued }) => queued);
      const serverCards = new Array<number>(SERVERS).fill(SIZE);
      const plan = (list: QueuedJob[]) =>
        planQueue(snapshot({ now: at(300), serverCards, queue: list }), POLICIES[name] ?? hasty);
      expect(plan(queue.toReversed())).toEqual(plan(queue));
    }),
  );
});
