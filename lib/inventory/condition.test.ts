import { expect, test } from 'vitest';
import { type CardStates, conditionOf, countConditions } from './condition.ts';

const well: CardStates = {
  health: 'healthy',
  takesNewWork: true,
  schedulability: 'schedulable',
  commercial: 'on-sale',
  holder: null,
};

test.each([
  ['an idle card is free', {}, 'free'],
  ['a degraded card still works', { health: 'degraded' }, 'free'],
  ['a card with a running holder is in use', { holder: 'running' }, 'inUse'],
  ['a card bound for a start to come is held soon', { holder: 'soon' }, 'heldSoon'],
  ['a cordoned idle card is cordoned', { schedulability: 'cordoned' }, 'cordoned'],
  ['a withheld idle card counts as cordoned', { commercial: 'withheld' }, 'cordoned'],
  ['a cordoned card that is used is in use: it is sold', { schedulability: 'cordoned', holder: 'running' }, 'inUse'],
  ['health comes before the holder', { health: 'unhealthy', holder: 'running' }, 'unhealthy'],
  ['an idle card whose device refuses work is faulty', { health: 'degraded', takesNewWork: false }, 'unhealthy'],
  ['a used one is in use', { health: 'degraded', takesNewWork: false, holder: 'running' }, 'inUse'],
  ['what is not known is said', { health: 'unknown', schedulability: 'cordoned' }, 'unknown'],
] as const)('%s', (_, states, expected) => expect(conditionOf({ ...well, ...states })).toBe(expected));

test('counts sum to the cards', () => {
  const counts = countConditions([
    { ...well, count: 5 },
    { ...well, holder: 'running', count: 3 },
    { ...well, health: 'unknown', count: 2 },
    { ...well, schedulability: 'cordoned', count: 1 },
  ]);
  expect(counts).toEqual({ cards: 11, free: 5, heldSoon: 0, inUse: 3, cordoned: 1, unhealthy: 0, unknown: 2 });
});
