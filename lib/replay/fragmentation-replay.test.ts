import { expect, test } from 'vitest';
import { nothingStranded, strandedGrowth } from '#lib/scheduler/supernode-choice.ts';
import { BINDING_SHAPE, bindingRequests } from './binding-requests.ts';
import { type FragmentationOutcome, KINDS, replayFragmentation } from './fragmentation-replay.ts';

const sumOf = (outcomes: readonly FragmentationOutcome[], pick: (outcome: FragmentationOutcome) => number): number =>
  outcomes.reduce((sum, outcome) => sum + pick(outcome), 0);

test('at the same load fewer supernodes are refused and more card-hours accepted than by the fewest idle servers', () => {
  const series = [1, 2, 3, 4, 5, 6].map((seed) => bindingRequests(seed, 0.9));
  const growth = strandedGrowth(BINDING_SHAPE.serversPerSupernode);
  const before = series.map((requests) =>
    replayFragmentation(requests, nothingStranded(BINDING_SHAPE.serversPerSupernode)),
  );
  const after = series.map((requests) => replayFragmentation(requests, growth));
  const refused = (outcome: FragmentationOutcome): number => outcome['whole-supernodes'].refused;
  const accepted = (outcome: FragmentationOutcome): number =>
    KINDS.reduce((sum, kind) => sum + outcome[kind].acceptedCardHours, 0);
  expect(sumOf(after, refused)).toBeLessThan(sumOf(before, refused));
  expect(sumOf(after, accepted)).toBeGreaterThan(sumOf(before, accepted));
});
