import { describe, expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { type Explanation, NOTHING_BLOCKED, TOKENS } from '#lib/reservations/explanation.ts';
import { factsOf, reasonText } from './explanation-text.ts';

const AT = instant(Date.UTC(2026, 10, 21, 6));
const why = (more: Partial<Explanation>): Explanation => ({
  token: 'capacityExhausted',
  needed: 8,
  numbers: {},
  free: { cards: 3, largestOnServer: 2, largestOnSupernode: 3, idleServers: 0, idleSupernodes: 0 },
  blocked: { ...NOTHING_BLOCKED, reservation: { count: 2, cards: 60 } },
  earliestStartAt: AT,
  sooner: [],
  ...more,
});

describe.each(['zh-CN', 'en'] as const)('in %s', (locale) => {
  test.each(TOKENS)('%s says what happened, what is safe and what to do', (token) => {
    for (const earliestStartAt of [AT, null])
      for (const text of Object.values(
        reasonText(locale, why({ token, earliestStartAt, numbers: { bindAt: AT, nextTryAt: AT } })),
      )) {
        expect(text.length).toBeGreaterThan(4);
        expect(text).not.toMatch(/none|undefined|\{|\}/);
      }
  });
});

test('numbers and times stand in the sentences', () => {
  expect(reasonText('en', why({}))).toMatchObject({
    what: 'Not enough cards are free in this time: 8 needed, 3 free.',
    todo: expect.stringContaining('2026-11-21 14:00'),
  });
  const numbers = { missing: 2, nextTryAt: AT, topology: 'same-server', freeElsewhere: 5 };
  const repair = reasonText('en', why({ token: 'waitingForRepair', numbers, free: null }));
  expect(repair.what).toMatch(/^2 cards are missing .* 5 free elsewhere/);
  expect(repair.todo).toContain('14:00');
  const start = reasonText(
    'en',
    why({ token: 'waitingForStart', numbers: { bindAt: AT, isBound: 'no', replans: 1, replannedAt: AT } }),
  );
  expect(start.what).toContain('2026-11-21 14:00');
  expect(start.safe).toContain('changed once');
});

test('a refusal that has sentences of its own speaks for itself', () => {
  const numbers = { code: 'quotaExceeded', quota: 6, inUse: 4 };
  expect(reasonText('en', why({ token: 'quotaExceeded', numbers })).what).toContain('6');
  expect(reasonText('en', why({ token: 'quotaExceeded', numbers: { code: 'toString' } })).what).toBe(
    'This exceeds the organisation’s quota of cards.',
  );
});

test('facts count everybody’s and name what the viewer may see', () => {
  const facts = factsOf('en', why({ token: 'tooLongForGap' }), [
    { kind: 'reservation', id: 'rsv_own', organisationId: 'org', cards: 20, until: AT },
  ]);
  expect(facts).toEqual([
    'Free in this time: 3; at most 2 on one server and 3 in one supernode; 0 idle servers, 0 idle supernodes.',
    'At the tightest moment 2 reservations hold 60 cards.',
    'Your own among them: rsv_own.',
    'The earliest start is 2026-11-21 14:00 (Beijing time).',
  ]);
  const bare = why({ free: null, blocked: NOTHING_BLOCKED });
  expect(factsOf('zh-CN', bare, [])).toEqual([]);
  expect(factsOf('en', bare, [{ kind: 'repair', id: 'crd_1', organisationId: null, cards: 1, until: null }])).toEqual([
    'Missing: crd_1.',
  ]);
});
