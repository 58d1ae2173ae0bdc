import { describe, expect, test } from 'vitest';
import { drawScript } from './draw.ts';
import { PARTS } from './parts.ts';
import { runScript, runSeed, shrink } from './run.ts';
import { printScript, readScript } from './steps.ts';
import { tellBroken } from './telling.ts';
import { MUTANTS } from './testing-mutants.ts';
import { rubbishScript } from './testing-scripts.ts';

const SEEDS = Array.from({ length: 24 }, (_, i) => 2_001 + i);

describe('simulated markets', () => {
  test('hold, whatever is asked, fails or is killed', () => {
    const broken = SEEDS.map((seed) => ({ seed, ...runSeed(seed, 50) })).filter(
      ({ violations }) => violations.length > 0,
    );
    expect(broken).toEqual([]);
  });

  test('take no harm from rubbish', () => {
    const { violations, accepted } = runScript(rubbishScript());
    expect(violations).toEqual([]);
    // The two honest ones, and one that begins in eleven years: no quote reaches so far, and no harm comes of it.
    expect(accepted).toBe(3);
  });

  test('the same seed does the same', () => {
    expect(runSeed(2_003, 60)).toEqual(runSeed(2_003, 60));
  });

  test('something is booked, refused and taken back in them', () => {
    const outcomes = SEEDS.slice(0, 8).map((seed) => runSeed(seed, 50));
    const sum = (of: (outcome: (typeof outcomes)[number]) => number) =>
      outcomes.reduce((total, each) => total + of(each), 0);
    expect(sum(({ accepted }) => accepted)).toBeGreaterThan(40);
    expect(sum(({ commands, accepted }) => commands - accepted)).toBeGreaterThan(40);
  });
});

describe('a script', () => {
  test('is read back as it was printed', () => {
    const script = drawScript(7, 200);
    expect(readScript(printScript(script))).toEqual(script);
    expect(() => readScript('{"do":"sell"}')).toThrow();
    expect(() => readScript('')).toThrow('a script begins with its market');
  });

  test('that breaks is cut down and breaks the same way when its log is read back', () => {
    const mutant = MUTANTS.find(({ breaks }) => breaks === 'gangsWhole');
    const parts = mutant?.parts() ?? PARTS;
    const script = drawScript(3, 60);
    const [violation] = runScript(script, { parts }).violations;
    expect(violation?.invariant).toBe('gangsWhole');
    if (!violation) return;
    const short = shrink(script, violation, parts);
    expect(short.steps.length).toBeLessThan(5);
    const told = readScript(tellBroken(3, short, [violation]));
    expect(runScript(told, { parts }).violations.map(({ invariant }) => invariant)).toContain('gangsWhole');
    expect(runScript(told).violations).toEqual([]);
  });
});
