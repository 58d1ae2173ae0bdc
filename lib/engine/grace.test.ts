import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { nextDue, decideDue } from '#lib/reservations/timers.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { Mind } from './mind.ts';
import { booking, ORG, smallPool, T0 } from './testing.ts';
import { bookedOf, submit } from './testing-decisions.ts';

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);
const YUAN = 100_000_000n;
const GRACE_SECONDS = 7_200;
const WALLET = (yuan: bigint) => new Map<string, Units>([[ORG, units(yuan * YUAN)]]);

/** One card of 10 yuan an hour with an open end that nobody has paid for beyond its first hour. */
function setup({ graceSeconds = GRACE_SECONDS, limit = null as Units | null } = {}) {
  const mind = smallPool(1);
  mind.book.limits.set(ORG, { cardQuota: 100, monthlySpendingLimitUnits: limit, graceSeconds });
  submit(mind, booking('rsv_a', { durationSeconds: null }));
  return mind;
}

/** Everything that time asks for up to `until`, with the money there is at each moment. */
function run(mind: Mind, until: number, walletAt: (at: number) => Map<string, Units>) {
  const seen: Change[] = [];
  for (let due = nextDue(mind); due && due.at <= until; due = nextDue(mind)) {
    const changes = decideDue(mind, due, walletAt(due.at));
    mind.applyAll(changes);
    seen.push(...changes);
  }
  const events = seen.flatMap((change) =>
    change.kind === 'event' ? [`${change.event} +${(change.at - T0) / 1_000}`] : [],
  );
  return { events, changes: seen };
}

describe('an open end whose next hour nobody pays', () => {
  test('goes on for the whole grace on credit, is told of its stop like of any end, and stops on its second', () => {
    const mind = setup();
    const { events, changes } = run(mind, hoursAfter(9), () => WALLET(0n));
    expect(events).toEqual(['graceGiven +3300', 'endsSoon +7200', 'endsSoon +10200', 'stoppedForFunds +10800']);
    expect(changes.filter(({ kind }) => kind === 'moneyPlaced')).toMatchObject([
      { step: 1, amountUnits: 20n * YUAN, cardSeconds: 7_200n, isOwed: true },
    ]);
    expect(changes.find(({ kind }) => kind === 'reservationEnded')).toMatchObject({
      reason: 'funds',
      at: hoursAfter(3),
    });
    expect(mind.book.reservations.size).toBe(0);
    expect([...mind.book.allBindings()]).toEqual([]);
  });

  test('keeps its cards from others for as long as it may still be paid', () => {
    const mind = setup();
    run(mind, hoursAfter(2), () => WALLET(0n));
    const all = booking('rsv_b', { cards: 16, startAt: hoursAfter(3), durationSeconds: 3_600 });
    expect(submit(mind, all, hoursAfter(2)).answer.ok).toBe(false);
  });

  test('goes on when it is paid in the last millisecond before the stop', () => {
    const mind = setup();
    const paidAt = hoursAfter(3) - 1;
    const { events } = run(mind, hoursAfter(3.5), (at) => WALLET(at > paidAt ? 10n : 0n));
    expect(events.at(-1)).toBe('graceOver +10800');
    expect(bookedOf(mind, 'rsv_a')).toMatchObject({ heldUntil: hoursAfter(4) });
    expect(bookedOf(mind, 'rsv_a')?.graceFrom).toBeUndefined();
  });

  test('is not kept by money that is owed already', () => {
    const mind = setup();
    const { events } = run(mind, hoursAfter(4), () => WALLET(-20n));
    expect(events.at(-1)).toBe('stoppedForFunds +10800');
  });

  test('gets its grace again only after an hour that was paid', () => {
    const mind = setup();
    const { events } = run(mind, hoursAfter(9), (at) => WALLET(at === hoursAfter(3) ? 10n : 0n));
    expect(events.filter((event) => !event.startsWith('endsSoon'))).toEqual([
      'graceGiven +3300',
      'graceOver +10800',
      'graceGiven +14100',
      'stoppedForFunds +21600',
    ]);
  });

  test('goes on by as much as its organisation is given more while it runs', () => {
    const mind = setup();
    run(mind, hoursAfter(2), () => WALLET(0n));
    mind.book.limits.set(ORG, { cardQuota: 100, monthlySpendingLimitUnits: null, graceSeconds: 5 * 3_600 });
    const { events, changes } = run(mind, hoursAfter(9), () => WALLET(0n));
    expect(events.filter((event) => !event.startsWith('endsSoon'))).toEqual([
      'graceGiven +10800',
      'stoppedForFunds +21600',
    ]);
    expect(changes.filter(({ kind }) => kind === 'moneyPlaced')).toMatchObject([{ amountUnits: 30n * YUAN, step: 2 }]);
  });

  test('does not begin its grace where none is given: it ends with the time that is held', () => {
    const { events } = run(setup({ graceSeconds: 0 }), hoursAfter(9), () => WALLET(0n));
    expect(events).toEqual(['endingForFunds +3300', 'ended +3600']);
  });

  test('is not carried past a monthly limit by its grace', () => {
    const { events } = run(setup({ limit: units(25n * YUAN) }), hoursAfter(9), () => WALLET(0n));
    expect(events).toEqual(['endingForFunds +3300', 'ended +3600']);
  });

  test('stops at the end of its grace for a monthly limit as for the end of what was bought', () => {
    const mind = setup();
    const stopsAt = plusSeconds(T0, 10_800);
    run(mind, plusSeconds(stopsAt, -1), () => WALLET(0n));
    mind.book.limits.set(ORG, {
      cardQuota: 100,
      monthlySpendingLimitUnits: units(35n * YUAN),
      graceSeconds: GRACE_SECONDS,
    });
    const { events, changes } = run(mind, hoursAfter(9), () => WALLET(100n));
    expect(events).toEqual(['endingForLimit +10800']);
    expect(
      changes.map((change) => (change.kind === 'reservationChanged' ? change.reservation.interval.endAt : change.kind)),
    ).toEqual([stopsAt, 'bindingsClosed', 'reservationEnded', 'event']);
    expect(changes.find(({ kind }) => kind === 'reservationEnded')).toMatchObject({ at: stopsAt, reason: 'term' });
  });

  test('counts its grace as money set aside of the month', () => {
    const mind = setup();
    run(mind, plusSeconds(T0, 3_400), () => WALLET(0n));
    expect(mind.book.committedIn(ORG, '2026-11' as never)).toBe(30n * YUAN);
  });
});
