import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { explanationOfJob } from './explanation-of-job.ts';

const AT = instant(Date.UTC(2026, 10, 1));
const queued = { state: 'queued', cards: 16, topology: 'any', dismissal: null } as const;

test('a job that waits says why in the words of bookings, with its numbers and its time', () => {
  const waiting = { reason: 'firstInLine', cardsNeeded: 16, cardsFree: 4, startAt: AT } as const;
  expect(explanationOfJob({ ...queued, waiting })).toMatchObject({
    token: 'firstInLine',
    needed: 16,
    numbers: { code: 'firstInLine', cardsFree: 4 },
    earliestStartAt: AT,
  });
  const numbers = {
    cardsNeeded: 16,
    cardsFree: 20,
    cardsFreeOnServer: 8,
    cardsFreeInSupernode: 20,
    ahead: 3,
    earliestStartAt: null,
  };
  expect(explanationOfJob({ ...queued, waiting: { reason: 'wouldDelayFirst', ...numbers } })).toMatchObject({
    token: 'behindInQueue',
    numbers: { ahead: 3 },
    earliestStartAt: null,
  });
  const funds = { reason: 'funds', neededUnits: '5', availableUnits: '3' } as const;
  expect(explanationOfJob({ ...queued, waiting: funds })?.token).toBe('fundsInsufficient');
});

test('a job that nobody has looked at waits for the decision, and a missed deadline is the reason of a refusal', () => {
  expect(explanationOfJob({ ...queued, waiting: null })?.token).toBe('awaitingDecision');
  const dismissal = { reason: 'deadlineMissed', deadlineAt: AT, walltimeSeconds: 60 } as const;
  expect(explanationOfJob({ state: 'refused', cards: 1, topology: 'any', waiting: null, dismissal })).toMatchObject({
    token: 'deadlineMissed',
    numbers: { deadlineAt: AT },
  });
});

test('a job that runs, is done or was taken back waits for nothing', () => {
  for (const state of ['started', 'done', 'cancelled'] as const)
    expect(explanationOfJob({ state, cards: 1, topology: 'any', waiting: null, dismissal: null })).toBeNull();
});
