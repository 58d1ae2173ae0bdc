import { expect, inject, test } from 'vitest';
import { drawScript } from './draw.ts';
import { ONE_END_AT_ONCE } from '../testing-walls.ts';
import { runOnServer } from './postgres-run.ts';
import {
  AGREED_BEFORE,
  BACK_AND_BOUND,
  BOUND_AHEAD,
  BOUND_NEXT_DOOR,
  DUE_FOR_DAYS,
  ENDS_AT_ONCE,
  FIRST_HOUR,
  LIMIT_IN_GRACE,
  rubbishScript,
} from './testing-scripts.ts';

// The real engine on PostgreSQL, its transactions refused and its processes killed by the same scripts.

/** Seconds on an idle machine; a bound for one that many share. */
const TIMEOUT_MS = 300_000;

const hold = async (seed: number): Promise<void> => {
  const outcome = await runOnServer(inject('adminUrl'), `simulate_test_${seed}`, drawScript(seed, 22));
  expect(outcome.violations).toEqual([]);
  expect(outcome.commands).toBeGreaterThan(0);
};
test.each([1, 4])('the market of seed %i holds, and its whole database is proven', hold, TIMEOUT_MS);

test('rubbish is turned away at the door or answered, and the pool goes on', async () => {
  const outcome = await runOnServer(inject('adminUrl'), 'simulate_test_rubbish', rubbishScript());
  expect(outcome.violations).toEqual([]);
  expect(outcome.accepted).toBe(3);
});

test('a market is proven in the hour of its first booking', async () => {
  expect((await runOnServer(inject('adminUrl'), 'simulate_test_young', FIRST_HOUR)).violations).toEqual([]);
});

test('who starts before the first cards that are bound ahead is charged from the first second', async () => {
  expect((await runOnServer(inject('adminUrl'), 'simulate_test_ahead', BOUND_AHEAD)).violations).toEqual([]);
});

test('what was paid before a grace and the grace itself may be decided in one round, after hours without an engine', async () => {
  expect((await runOnServer(inject('adminUrl'), 'simulate_test_grace', LIMIT_IN_GRACE)).violations).toEqual([]);
});

test('what was due earlier is decided before a job that is over gives its cards back, however much it is', async () => {
  expect((await runOnServer(inject('adminUrl'), 'simulate_test_due', DUE_FOR_DAYS)).violations).toEqual([]);
});

test('a wall that refuses what is right is named, although the engine finds its way around it', async () => {
  const { violations } = await runOnServer(inject('adminUrl'), 'simulate_test_wall', ENDS_AT_ONCE, ONE_END_AT_ONCE);
  expect(violations).toEqual([
    { invariant: 'coreHolds', what: expect.stringMatching(/^failed unasked: .*two ends at once/s) },
  ]);
});

test('a card may come back from maintenance and be given to somebody in one round', async () => {
  const { violations, accepted } = await runOnServer(inject('adminUrl'), 'simulate_test_back', BACK_AND_BOUND);
  expect(violations).toEqual([]);
  expect(accepted).toBe(2);
});

test('who has used up a quota next door books nothing more, and a job of theirs waits for it, as its log says', async () => {
  const { violations, commands, accepted } = await runOnServer(
    inject('adminUrl'),
    'simulate_test_next_door',
    BOUND_NEXT_DOOR,
  );
  expect(violations).toEqual([]);
  expect({ commands, accepted }).toEqual({ commands: 3, accepted: 2 });
});

test('what fell due while a price was agreed has that price, although nobody looked before the agreement was over', async () => {
  const { violations } = await runOnServer(inject('adminUrl'), 'simulate_test_agreed', AGREED_BEFORE);
  expect(violations).toEqual([]);
});
