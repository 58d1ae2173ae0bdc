import { expect, test } from 'vitest';
import { cardsMaxOf, cardsStepOf, LAYOUTS, LEVELS, LOOSER, TOPOLOGIES } from './topology.ts';

const sizes = { cardsPerServer: 16, cardsPerSupernode: 384 };

test('one server or supernode bounds the cards; whole ones make them come in multiples', () => {
  expect(TOPOLOGIES.map((topology) => [cardsMaxOf(topology, sizes), cardsStepOf(topology, sizes)])).toEqual([
    [null, 1],
    [16, 1],
    [384, 1],
    [null, 16],
    [null, 384],
  ]);
});

test('what would do instead asks for less each time, and for nothing in the end', () => {
  const strictness = (topology: (typeof TOPOLOGIES)[number]): number => {
    const { within, whole } = LAYOUTS[topology];
    return (whole === null ? 0 : 1 + LEVELS.indexOf(whole)) * 10 - LEVELS.indexOf(within);
  };
  for (const topology of TOPOLOGIES) {
    const steps = [topology, ...LOOSER[topology]];
    expect(steps.at(-1)).toBe('any');
    const ranks = steps.map(strictness);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    expect(new Set(steps).size).toBe(steps.length);
  }
});
