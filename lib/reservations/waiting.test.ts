import { expect, test } from 'vitest';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import { explainWaiting, type Standing } from './waiting.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const standing = (more: Partial<Standing>): Standing => ({
  state: 'confirmed',
  cards: 8,
  topology: 'same-server',
  startAt: T0,
  isBound: false,
  replans: 0,
  replannedAt: null,
  lost: [],
  cardIds: new Map([[3, 'crd_3']]),
  ...more,
});
const lost = { card: 3, since: T0, isUnbound: true, retryAt: plusSeconds(T0, 60) };

test('a promise waits for its start and says when its cards are bound', () => {
  expect(explainWaiting(standing({ replans: 2, replannedAt: T0 }))?.explanation).toMatchObject({
    token: 'waitingForStart',
    needed: 8,
    numbers: { bindAt: plusSeconds(T0, -1_800), isBound: 'no', replans: 2, replannedAt: T0 },
    earliestStartAt: T0,
  });
  expect(explainWaiting(standing({ isBound: true }))?.explanation.numbers).toMatchObject({ isBound: 'yes' });
});

test('a card that failed is being replaced, until nothing within reach was free', () => {
  const before = explainWaiting(standing({ state: 'active', lost: [lost] }));
  expect(before).toMatchObject({
    explanation: { token: 'waitingForReplacement', numbers: { missing: 1, nextTryAt: plusSeconds(T0, 60) } },
    blockers: [{ kind: 'repair', id: 'crd_3' }],
  });
  const two = [lost, { ...lost, card: 4, retryAt: plusSeconds(T0, 30), freeElsewhere: 5 }];
  expect(explainWaiting(standing({ state: 'active', lost: two }))).toMatchObject({
    explanation: {
      token: 'waitingForRepair',
      numbers: { missing: 2, nextTryAt: plusSeconds(T0, 30), topology: 'same-server', freeElsewhere: 5 },
      blocked: { repair: { count: 2, cards: 2 } },
    },
    // Of two lost cards the viewer may name one.
    blockers: [{ id: 'crd_3' }],
  });
});

test('missing cards come before the start, and what runs whole or is over waits for nothing', () => {
  expect(explainWaiting(standing({ lost: [lost] }))?.explanation.token).toBe('waitingForReplacement');
  expect(explainWaiting(standing({ state: 'active' }))).toBeNull();
  expect(explainWaiting(standing({ state: 'ended', lost: [lost] }))).toBeNull();
  expect(explainWaiting(standing({ state: 'cancelled' }))).toBeNull();
});
