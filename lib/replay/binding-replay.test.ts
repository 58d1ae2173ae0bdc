import { expect, test } from 'vitest';
import { BINDING_POLICIES, type BindingOutcome, replayBinding } from './binding-replay.ts';
import { bindingRequests } from './binding-requests.ts';

const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);
const noClock = () => 0;

/** Means over the published seeds, as the published table has them: per cent, and a share with three digits. */
function meansOf(policy: keyof typeof BINDING_POLICIES, load: number) {
  const outcomes = SEEDS.map((seed) => replayBinding(bindingRequests(seed, load), BINDING_POLICIES[policy], noClock));
  const mean = (pick: (outcome: BindingOutcome) => number): number =>
    outcomes.reduce((sum, outcome) => sum + pick(outcome), 0) / outcomes.length;
  return {
    accepted: Math.round(mean(({ accepted, requests }) => accepted / requests) * 1_000) / 10,
    broken: Math.round(mean(({ broken, accepted }) => broken / accepted) * 10_000) / 100,
    honoured: Math.round(mean(({ honoured }) => honoured) * 1_000) / 1_000,
  };
}

test('the published generator gives as many requests as were published', () => {
  const counts = [0.7, 0.9, 1.2].map(
    (load) => SEEDS.reduce((sum, seed) => sum + bindingRequests(seed, load).length, 0) / SEEDS.length,
  );
  expect(counts.map(Math.round)).toEqual([645, 816, 1_093]);
});

test.each([
  ['early', 0.7, { accepted: 96.3, broken: 0, honoured: 0.56 }],
  ['late', 0.7, { accepted: 97, broken: 0, honoured: 0.596 }],
  ['early', 1.2, { accepted: 90.3, broken: 0, honoured: 0.724 }],
  ['count', 1.2, { accepted: 91.3, broken: 1.82, honoured: 0.763 }],
  ['count-90', 1.2, { accepted: 89.5, broken: 1.02, honoured: 0.738 }],
  ['count-80', 1.2, { accepted: 86.1, broken: 0.24, honoured: 0.685 }],
  ['late', 1.2, { accepted: 91.3, broken: 0, honoured: 0.781 }],
] as const)('%s at load %d gives the published figures', (policy, load, published) => {
  expect(meansOf(policy, load)).toEqual(published);
});

test('kashi breaks nothing and honours 80 of 100 card-hours at load 1.2', () => {
  const { broken, honoured } = meansOf('kashi', 1.2);
  expect(broken).toBe(0);
  expect(honoured).toBeGreaterThanOrEqual(0.8);
});
