import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { decideRound } from './batch.ts';
import { booking, commandOf, ORG, RICH, smallPool, T0 } from './testing.ts';

// What simulated markets found, held one by one.

const round = (mind: ReturnType<typeof smallPool>, payloads: CommandPayload[], now = T0, wallets = RICH) =>
  decideRound(mind, { reports: [], commands: payloads.map((payload) => commandOf(payload)), wallets, now });

const longer = (seconds: number, yuan: bigint): CommandPayload => ({
  kind: 'extend',
  reservationId: 'rsv_a',
  seconds,
  quotedUnits: `${yuan * 100_000_000n}`,
});

describe('an extension', () => {
  test('counts towards the quota of cards at once', () => {
    const mind = smallPool(2);
    mind.book.limits.set(ORG, { cardQuota: 16, monthlySpendingLimitUnits: null });
    const later = booking('rsv_b', { cards: 10, startAt: instant(T0 + HOUR_MS) });
    const { entries } = round(mind, [booking('rsv_a', { cards: 8 }), later, longer(3_600, 80n)]);
    expect(entries.at(-1)?.answer).toEqual({ ok: false, refusal: { code: 'quotaExceeded', quota: 16, inUse: 10 } });
    mind.book.limits.set(ORG, { cardQuota: 18, monthlySpendingLimitUnits: null });
    expect(round(mind, [longer(3_600, 80n)]).entries[0]?.answer.ok).toBe(true);
  });

  test('beyond what can be planned ahead is refused before anything is counted', () => {
    const mind = smallPool(1);
    const { entries } = round(mind, [booking('rsv_a'), longer(1e12, 1n), booking('rsv_b', { durationSeconds: 1e12 })]);
    const refusals = entries.slice(1).map(({ answer }) => !answer.ok && answer.refusal.code);
    expect(refusals).toEqual(['durationOutOfRange', 'durationOutOfRange']);
  });
});

describe('a booking that no quote would allow', () => {
  test.each([
    ['five cards as whole servers', { cards: 5, topology: 'whole-servers' }],
    ['no card', { cards: 0 }],
    ['less than none', { cards: -3 }],
  ] as const)('%s is a fault, and changes nothing', (_, wish) => {
    const mind = smallPool(1);
    expect(() => round(mind, [booking('rsv_a', wish)])).toThrow('were never quoted');
    expect(mind.book.reservations.size).toBe(0);
  });

  test('of an id that is taken leaves the first as it was, in book and plan', () => {
    const mind = smallPool(1);
    round(mind, [booking('rsv_a', { cards: 4 })]);
    const before = mind.book.reservations.get('rsv_a' as never);
    expect(() => round(mind, [booking('rsv_a', { cards: 2 })])).toThrow('is there already');
    expect(mind.book.reservations.get('rsv_a' as never)).toBe(before);
    expect(mind.state.promises.get('rsv_a')?.cards).toBe(4);
  });
});

test('the log keeps the money that a renewal saw', () => {
  const mind = smallPool(1);
  round(mind, [booking('rsv_a', { durationSeconds: null })]);
  const wallets = new Map([[ORG, units(25_00000000n)]]);
  const { entries } = round(mind, [], instant(T0 + 2 * HOUR_MS), wallets);
  expect(entries).toMatchObject([{ payload: { kind: 'tick' }, inputs: { [`wallet:${ORG}`]: '2500000000' } }]);
});
