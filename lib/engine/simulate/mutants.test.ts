import { describe, expect, test } from 'vitest';
import { FINAL_INVARIANTS, INVARIANTS } from './invariants.ts';
import { runSeed } from './run.ts';
import { CHANGE_MUTANTS } from './testing-change-mutants.ts';
import { MUTANTS } from './testing-mutants.ts';
import { QUEUE_MUTANTS } from './testing-queue-mutants.ts';

const ALL = [...MUTANTS, ...QUEUE_MUTANTS, ...CHANGE_MUTANTS];
/** Seeds that are tried for one mutant, and steps of each. */
const SEEDS = 200;
const STEPS = 60;

describe('every rule is guarded: without it the simulator names what breaks', () => {
  test.each(ALL)('$name: $breaks', ({ breaks, parts }) => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= SEEDS && !seen.has(breaks); seed += 1) {
      for (const { invariant } of runSeed(seed, STEPS, { parts: parts() }).violations) seen.add(invariant);
    }
    expect([...seen]).toContain(breaks);
  });

  test('every invariant has a mutant that breaks it', () => {
    const guarded = new Set<string>(ALL.map(({ breaks }) => breaks));
    const names = [...Object.keys(INVARIANTS), ...Object.keys(FINAL_INVARIANTS)];
    expect(names.filter((name) => !guarded.has(name))).toEqual([]);
  });
});
