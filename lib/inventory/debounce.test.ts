import { describe, expect, test } from 'vitest';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import { PROBATION_SECONDS, probationAfter, REPLACE_DEBOUNCE_SECONDS, replaceAt } from './debounce.ts';
import type { Health } from './types.ts';

const T0 = instant(Date.UTC(2026, 10, 2, 1));
const at = (seconds: number) => plusSeconds(T0, seconds);
const known = (health: Health, probationUntil: number | null = null) => ({
  health,
  probationUntil: probationUntil === null ? null : at(probationUntil),
});

describe('probation', () => {
  test.each([
    ['a card that comes back begins one', known('unhealthy'), 'healthy', at(10 + PROBATION_SECONDS)],
    ['so does one of which nothing was known', known('unknown'), 'degraded', at(10 + PROBATION_SECONDS)],
    ['a card that was always up has none', known('healthy'), 'degraded', null],
    ['news of a card that is up neither ends nor lengthens it', known('healthy', 40), 'degraded', at(40)],
    ['a failure ends it', known('healthy', 40), 'unhealthy', null],
  ] as const)('%s', (_, before, health, expected) => expect(probationAfter(before, health, at(10))).toBe(expected));

  test('a card that flaps faster than its probation never ends one', () => {
    let before = known('healthy');
    for (let second = 0; second < 600; second += PROBATION_SECONDS) {
      const down = { health: 'unhealthy' as const, probationUntil: probationAfter(before, 'unhealthy', at(second)) };
      const up = at(second + 5);
      before = { health: 'healthy', probationUntil: probationAfter(down, 'healthy', up) };
      expect(before.probationUntil).toBe(plusSeconds(up, PROBATION_SECONDS));
    }
  });
});

describe('replacement', () => {
  test('waits out the debounce from the failure on', () => {
    expect(replaceAt(known('healthy'), at(10), at(12))).toBe(at(10 + REPLACE_DEBOUNCE_SECONDS));
  });

  test('is never in the past', () => expect(replaceAt(known('healthy'), at(10), at(300))).toBe(at(300)));

  test('a card that fails on probation is replaced at once', () => {
    expect(replaceAt(known('healthy', 60), at(59), at(59))).toBe(at(59));
    expect(replaceAt(known('healthy', 60), at(60), at(60))).toBe(at(60 + REPLACE_DEBOUNCE_SECONDS));
  });
});
