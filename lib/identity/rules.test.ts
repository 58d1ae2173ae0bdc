import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, instant, MINUTE_MS } from '#lib/core/instant.ts';
import { bearerKey, keyPrefix, keyState, newApiKeySecret } from './api-key-secret.ts';
import { decideMemberChange } from './member-rules.ts';
import { sessionEndOf, shortUserAgent } from './session.ts';
import { slugBase, slugCandidate } from './slug.ts';
import { type Attempts, decideAttempt, FAILURES_MAX } from './throttle.ts';
import { invitationInput, signInInput, signUpInput } from './types.ts';

const NOW = instant(Date.UTC(2026, 10, 21, 6));

describe('attempts at an address', () => {
  const fail = (attempts: Attempts, times: number, now = NOW): Attempts => {
    let state = attempts;
    for (let i = 0; i < times; i += 1) {
      const decision = decideAttempt(state, now);
      if (decision.kind === 'paused') return state;
      state = decision.next;
    }
    return state;
  };
  const none: Attempts = { failures: 0, blockedUntil: null };

  test('seven failures pause nothing, the eighth pauses for fifteen minutes', () => {
    expect(fail(none, FAILURES_MAX - 1).blockedUntil).toBeNull();
    expect(fail(none, FAILURES_MAX).blockedUntil).toBe(NOW + 15 * MINUTE_MS);
  });

  test('a pause says until when, and does not grow by asking', () => {
    const paused = fail(none, 20);
    expect(decideAttempt(paused, instant(NOW + 1))).toEqual({ kind: 'paused', untilAt: NOW + 15 * MINUTE_MS });
  });

  test('after the pause the count begins anew', () => {
    const after = decideAttempt(fail(none, 8), instant(NOW + 15 * MINUTE_MS));
    expect(after).toEqual({ kind: 'try', next: { failures: 1, blockedUntil: null } });
  });
});

describe('a change of membership', () => {
  test.each([
    ['an admin makes a member billing', 'admin', 'member', 'billing', 1, 'accepted'],
    ['an admin removes a member', 'admin', 'member', null, 1, 'accepted'],
    ['an admin makes nobody an owner', 'admin', 'member', 'owner', 1, 'ownerOnly'],
    ['an admin does not unmake an owner', 'admin', 'owner', 'member', 2, 'ownerOnly'],
    ['an owner makes another', 'owner', 'admin', 'owner', 1, 'accepted'],
    ['an owner steps down beside another', 'owner', 'owner', 'member', 2, 'accepted'],
    ['the last owner does not step down', 'owner', 'owner', 'admin', 1, 'lastOwner'],
    ['the last owner does not leave', 'owner', 'owner', null, 1, 'lastOwner'],
    ['the last owner may stay one', 'owner', 'owner', 'owner', 1, 'accepted'],
    ['nobody changes who is not there', 'owner', null, 'member', 1, 'memberUnknown'],
  ] as const)('%s', (_, by, from, to, owners, expected) => {
    const decided = decideMemberChange({ by, from, to, owners });
    expect(decided.ok ? 'accepted' : decided.refusal.code).toBe(expected);
  });
});

describe('the address of an organisation', () => {
  test.each([
    ['Moban AI (Shaoguan)', 'moban-ai-shaoguan'],
    ['  Électricité & Cie ', 'electricite-cie'],
    ['墨斑智能', ''],
    ['墨斑 AI', 'ai'],
    ['---', ''],
    [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
  ])('%j gives %j', (name, base) => expect(slugBase(name)).toBe(base));

  test('is the name alone first, then has a suffix; a name without Latin letters always has one', () => {
    expect(slugCandidate('Moban', 0, 'x7k2q')).toBe('moban');
    expect(slugCandidate('Moban', 1, 'x7k2q')).toBe('moban-x7k2q');
    expect(slugCandidate('墨斑智能', 0, 'x7k2q')).toBe('org-x7k2q');
  });
});

describe('a key', () => {
  test('carries 256 bits and is recognised by its beginning', () => {
    const secret = newApiKeySecret();
    expect(secret).toMatch(/^kashi_[0-9a-z]{52}$/);
    expect(keyPrefix(secret)).toBe(secret.slice(0, 12));
    expect(bearerKey(`Bearer ${secret}`)).toBe(secret);
  });

  test.each([null, '', 'Bearer', 'Bearer kashi_short', 'Basic abc', `Bearer kashi_${'A'.repeat(52)}`])(
    '%j holds none',
    (header) => expect(bearerKey(header)).toBeNull(),
  );

  test('ends at its instant, and revoked is stronger', () => {
    expect(keyState({ expiresAt: NOW, isRevoked: false }, NOW)).toBe('expired');
    expect(keyState({ expiresAt: instant(NOW + 1), isRevoked: false }, NOW)).toBe('live');
    expect(keyState({ expiresAt: NOW, isRevoked: true }, NOW)).toBe('revoked');
  });
});

test('sessions of staff are short, and no session grows', () => {
  expect(sessionEndOf('staff', NOW)).toBe(NOW + 12 * HOUR_MS);
  expect(sessionEndOf('customer', NOW)).toBe(NOW + 30 * DAY_MS);
  expect(shortUserAgent(`Chrome\u0000\u202e${'x'.repeat(300)}`)).toBe(`Chrome${'x'.repeat(194)}`);
});

describe('input', () => {
  test('one address in two writings is one person', () => {
    const read = (email: string) => signInInput.parse({ email, password: 'x' }).email;
    expect(read(' Lin@Moban.Example ')).toBe('lin@moban.example');
    expect(read('lin＠moban.example')).toBe('lin@moban.example');
  });

  test.each(['lin@', 'lin@moban', 'lin@moban.example\nbcc:x@y.z', 'lín@moban.example', ''])(
    '%j is no address',
    (email) => expect(invitationInput.safeParse({ email, role: 'member' }).success).toBe(false),
  );

  test('names keep every script and lose what hides in them', () => {
    const read = (name: string) =>
      signUpInput.safeParse({ name, email: 'a@b.cn', password: 'x', organisationName: 'y', locale: 'en' });
    expect(read('  林  若曦 ').data?.name).toBe('林 若曦');
    expect(read('a\u202eb').success).toBe(false);
    expect(read('<b>').success).toBe(false);
    expect(read('   ').success).toBe(false);
  });
});
