import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import { nextStep, type UsableCard } from './run.ts';
import type { Workload } from './types.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const cards: UsableCard[] = [0, 1, 2, 3].map((n) => ({ cardId: `crd_${n}`, serverId: 'nod_a', uuid: `GPU-${n}` }));
const submitted: Workload = {
  id: 'wkl_a' as Id<'workload'>,
  organisationId: 'org_a' as Id<'organisation'>,
  reservationId: 'rsv_a' as Id<'reservation'>,
  name: 'train',
  imageId: 'img_a' as Id<'image'>,
  command: 'python train.py',
  cards: 4,
  walltimeSeconds: 600,
  state: 'submitted',
  reason: null,
  exitCode: null,
  isCancelAsked: false,
  submittedAt: T0,
  startedAt: null,
  endedAt: null,
  cardIds: [],
};
const running: Workload = { ...submitted, state: 'running', startedAt: T0 };
const gone = { state: 'gone' } as const;
const works = { state: 'running' } as const;

test('waits until all its cards are free, then launches on them', () => {
  expect(nextStep(submitted, { hasItsCards: true, freeCards: cards.slice(1), status: gone, now: T0 })).toBeNull();
  expect(nextStep(submitted, { hasItsCards: true, freeCards: cards, status: gone, now: T0 })).toEqual({
    kind: 'launch',
    cards,
  });
});

test('never launches when it was cancelled or its reservation is over', () => {
  expect(
    nextStep({ ...submitted, isCancelAsked: true }, { hasItsCards: true, freeCards: cards, status: gone, now: T0 }),
  ).toMatchObject({
    kind: 'end',
    state: 'cancelled',
  });
  expect(nextStep(submitted, { hasItsCards: true, freeCards: null, status: gone, now: T0 })).toMatchObject({
    kind: 'end',
    reason: 'reservationEnded',
  });
});

test('ends as the backend says', () => {
  const ended = (exitCode: number) => ({ state: 'ended', reason: 'exited', exitCode, at: plusSeconds(T0, 9) }) as const;
  expect(nextStep(running, { hasItsCards: true, freeCards: [], status: ended(0), now: T0 })).toMatchObject({
    state: 'succeeded',
    at: plusSeconds(T0, 9),
  });
  expect(nextStep(running, { hasItsCards: true, freeCards: [], status: ended(1), now: T0 })).toMatchObject({
    state: 'failed',
    exitCode: 1,
  });
  expect(nextStep(running, { hasItsCards: true, freeCards: [], status: gone, now: T0 })).toMatchObject({
    state: 'lost',
  });
});

test('is stopped at its walltime, when asked, and when its reservation ends', () => {
  expect(nextStep(running, { hasItsCards: true, freeCards: [], status: works, now: plusSeconds(T0, 599) })).toBeNull();
  expect(nextStep(running, { hasItsCards: true, freeCards: [], status: works, now: plusSeconds(T0, 600) })).toEqual({
    kind: 'stop',
    reason: 'walltime',
  });
  expect(
    nextStep({ ...running, isCancelAsked: true }, { hasItsCards: true, freeCards: [], status: works, now: T0 }),
  ).toEqual({
    kind: 'stop',
    reason: 'cancelledByUser',
  });
  expect(nextStep(running, { hasItsCards: true, freeCards: null, status: works, now: T0 })).toEqual({
    kind: 'stop',
    reason: 'reservationEnded',
  });
});

test('stops when a card that it runs on was given back', () => {
  const situation = { hasItsCards: false, freeCards: [], status: { state: 'running' } as const, now: T0 };
  const running = { ...submitted, state: 'running' as const, startedAt: T0 };
  expect(nextStep(running, situation)).toEqual({ kind: 'stop', reason: 'cardsGone' });
});
