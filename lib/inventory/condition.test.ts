import { expect, test } from 'vitest';
import { type CardStates, conditionOf, countConditions } from './condition.ts';

const well: CardStates = {
  health: 'healthy',
  takesNewWork: true,
  isOnProbation: false,
  lifecycle: 'in_service',
  commercial: 'on-sale',
  holder: null,
};

test.each([
  ['an idle card is free', {}, 'free'],
  ['a degraded card still works', { health: 'degraded' }, 'free'],
  ['a card with a running holder is in use', { holder: 'running' }, 'inUse'],
  ['a card bound for a start to come is held soon', { holder: 'soon' }, 'heldSoon'],
  ['a cordoned idle card is cordoned', { lifecycle: 'cordoned' }, 'cordoned'],
  ['so is one that is being emptied and is empty', { lifecycle: 'draining' }, 'cordoned'],
  ['a card on probation cannot be sold yet', { isOnProbation: true }, 'unhealthy'],
  ['its holder keeps it meanwhile', { isOnProbation: true, holder: 'running' }, 'inUse'],
  [
    'a card that is worked on is in maintenance, whatever its device says',
    { lifecycle: 'repair', health: 'unknown' },
    'maintenance',
  ],
  ['a withheld idle card counts as cordoned', { commercial: 'withheld' }, 'cordoned'],
  ['a spare that waits is a spare', { commercial: 'spare' }, 'spare'],
  ['one that stands in is in use', { commercial: 'spare', holder: 'running' }, 'inUse'],
  ['one that people took out is cordoned', { commercial: 'spare', lifecycle: 'cordoned' }, 'cordoned'],
  ['a cordoned card that is used is in use: it is sold', { lifecycle: 'cordoned', holder: 'running' }, 'inUse'],
  ['health comes before the holder', { health: 'unhealthy', holder: 'running' }, 'unhealthy'],
  ['an idle card whose device refuses work is faulty', { health: 'degraded', takesNewWork: false }, 'unhealthy'],
  ['a used one is in use', { health: 'degraded', takesNewWork: false, holder: 'running' }, 'inUse'],
  ['what is not known is said', { health: 'unknown', lifecycle: 'cordoned' }, 'unknown'],
] as const)('%s', (_, states, expected) => expect(conditionOf({ ...well, ...states })).toBe(expected));

test('counts sum to the cards', () => {
  const counts = countConditions([
    { ...well, count: 5 },
    { ...well, holder: 'running', count: 3 },
    { ...well, health: 'unknown', count: 2 },
    { ...well, lifecycle: 'cordoned', count: 1 },
    { ...well, lifecycle: 'maintenance', count: 4 },
  ]);
  expect(counts).toEqual({
    cards: 15,
    free: 5,
    heldSoon: 0,
    inUse: 3,
    cordoned: 1,
    maintenance: 4,
    unhealthy: 0,
    unknown: 2,
    spare: 0,
  });
});
