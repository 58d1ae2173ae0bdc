import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TOPOLOGIES } from '#lib/core/topology.ts';
import type { QueuedJob, QueueSnapshot } from '../queue-types.ts';
import { explainWait, WaitExplainer } from './explain.ts';
import { planQueue } from './plan-queue.ts';
import { QUEUE_POLICIES } from './policies.ts';
import { FOUR_SERVERS, job, promise, running, snapshot } from './testing.ts';

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

const wishes = fc.array(
  fc.record({
    cards: fc.constantFrom(2, 4, 8, 12, 16),
    topology: fc.constantFrom(...TOPOLOGIES),
    minutes: fc.integer({ min: 1, max: 200 }),
  }),
  { minLength: 6, maxLength: 30, size: 'max' },
);
const holds = fc.array(
  fc.record({
    server: fc.nat(3),
    cards: fc.constantFrom(2, 4, 8),
    from: fc.nat(150),
    minutes: fc.integer({ min: 20, max: 90 }),
  }),
  { minLength: 3, maxLength: 10, size: 'max' },
);

test('of many jobs that are asked about at once each waits for what it waits for alone', () => {
  const waits = new Set<string>();
  fc.assert(
    fc.property(wishes, holds, holds, (drawn, held, promised) => {
      const queue = drawn.map(({ cards, topology, minutes }, i) =>
        job(`${i}`, cards, minutes, { topology, sequence: i }),
      );
      const [free, blocks] = [
        [8, 8, 8, 8],
        [8, 8, 8, 8],
      ];
      const takes = (left: number[], { server, cards }: { server: number; cards: number }): boolean => {
        const rest = (left[server] ?? 0) - cards;
        if (rest >= 0) left[server] = rest;
        return rest >= 0;
      };
      const state = snapshot({
        ...FOUR_SERVERS,
        running: held
          .filter((each) => takes(free, each))
          .map(({ server, cards, minutes }, i) => running(`r${i}`, server, cards, minutes)),
        promises: promised
          .filter((each) => takes(blocks, each))
          .map(({ server, cards, from, minutes }) => promise(server, cards, 90 + from, 90 + from + minutes)),
        queue,
      });
      const plan = planQueue(state, QUEUE_POLICIES.kashi);
      const explainer = new WaitExplainer(state, plan);
      for (const each of plan.line) {
        expect(explainer.waitOf(each)).toBe(new WaitExplainer(state, plan).waitOf(each));
        waits.add(explainer.waitOf(each));
      }
    }),
  );
  expect([...waits].sort()).toEqual(['firstInLine', 'fragmented', 'tooFewCards', 'tooLongForGap', 'wouldDelayFirst']);
});
