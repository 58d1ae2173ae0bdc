import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import type { Mind } from './mind.ts';
import { booking, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';
import { bookedOf, eventsTo, refusalOf, submit } from './testing-decisions.ts';

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);
const YUAN = 100_000_000n;
const offer = (to: string = OTHER) =>
  ({ kind: 'offerTransfer', reservationId: 'rsv_a', toOrganisationId: to, fromName: 'A', toSlug: 'b' }) as const;
const accept = (yuan: bigint) =>
  ({
    kind: 'acceptTransfer',
    reservationId: 'rsv_a',
    newReservationId: 'rsv_b',
    quotedUnits: `${yuan * YUAN}`,
  }) as const;
const withdraw = { kind: 'withdrawTransfer', reservationId: 'rsv_a' } as const;
const kindsOf = (changes: readonly Change[]) => changes.map(({ kind }) => kind);

function offered(at = 5): Mind {
  const mind = smallPool(2);
  submit(mind, booking('rsv_a', { cards: 4, startAt: hoursAfter(at), durationSeconds: 7_200 }));
  expect(refusalOf(submit(mind, offer()))).toBeUndefined();
  return mind;
}

describe('an offer that is accepted', () => {
  test('moves the promise and its money in one decision: what returns to one is what the other sets aside', () => {
    const mind = offered();
    const { answer, changes } = submit(mind, accept(80n), T0, OTHER);
    expect(answer).toEqual({ ok: true, value: { reservationId: 'rsv_b' } });
    const money = changes.flatMap((change) =>
      change.kind === 'moneyReturned' || change.kind === 'moneyPlaced'
        ? [[change.kind, change.reservation.organisationId, change.amountUnits, change.cardSeconds]]
        : [],
    );
    expect(money).toEqual([
      ['moneyReturned', ORG, 80n * YUAN, 28_800n],
      ['moneyPlaced', OTHER, 80n * YUAN, 28_800n],
    ]);
    expect(bookedOf(mind, 'rsv_a')).toBeUndefined();
    expect(bookedOf(mind, 'rsv_b')).toMatchObject({
      organisationId: OTHER,
      cards: 4,
      state: 'confirmed',
      offeredTo: null,
    });
    expect(eventsTo(mind, hoursAfter(5)).map(({ what }) => what)).toEqual(['cardsBound +16200', 'started +18000']);
  });

  test('keeps them although a maintenance window waits for them: it has them when the next holder has left', () => {
    const mind = offered(1);
    eventsTo(mind, hoursAfter(0.6));
    const cards = mind.book.bindingsOf('rsv_a' as never).map(({ card }) => card);
    const window = { windowId: 'mnt_a', startAt: hoursAfter(2), endAt: hoursAfter(6), handling: 'wait' } as const;
    const cardIds = cards.map((card) => `crd_${card}`);
    const plan = { kind: 'planWindow', ...window, cardIds, reason: 'fans', expectedEffect: 'rsv_a:4-0' } as const;
    expect(refusalOf(submit(mind, plan, hoursAfter(0.6), null))).toBeUndefined();
    expect(refusalOf(submit(mind, accept(80n), hoursAfter(0.7), OTHER))).toBeUndefined();
    expect(mind.book.bindingsOf('rsv_b' as never).map(({ card }) => card)).toEqual(cards);
    const [card = -1] = cards;
    const holders = mind.state.bindingsOf(card).map(({ promiseId, interval }) => [promiseId, interval.startAt]);
    expect(holders).toContainEqual(['rsv_b', hoursAfter(1)]);
    expect(holders).toContainEqual(['mnt_a', hoursAfter(3)]);
  });

  test('keeps the very cards when they are bound already', () => {
    const mind = offered(1);
    eventsTo(mind, hoursAfter(0.6));
    const cards = mind.book.bindingsOf('rsv_a' as never).map(({ card }) => card);
    submit(mind, accept(80n), hoursAfter(0.7), OTHER);
    expect(mind.book.bindingsOf('rsv_b' as never).map(({ card }) => card)).toEqual(cards);
    expect(eventsTo(mind, hoursAfter(1)).map(({ what }) => what)).toEqual(['started +3600']);
  });

  test('is accepted once', () => {
    const mind = offered();
    submit(mind, accept(80n), T0, OTHER);
    expect(refusalOf(submit(mind, accept(80n), T0, OTHER))).toBe('transferUnknown');
  });
});

describe('an offer', () => {
  test('concerns nobody but the organisation that it is made to, not even its own', () => {
    const mind = offered();
    expect(refusalOf(submit(mind, accept(80n), T0, ORG))).toBe('transferUnknown');
    expect(refusalOf(submit(mind, offer(ORG), T0, OTHER))).toBe('reservationUnknown');
    expect(refusalOf(submit(mind, withdraw, T0, OTHER))).toBe('reservationUnknown');
  });

  test('fixes the terms until it is taken back', () => {
    const mind = offered();
    const shrink: CommandPayload = { kind: 'shrink', reservationId: 'rsv_a', cards: 1, cardIds: [] };
    const extend = { kind: 'extend', reservationId: 'rsv_a', seconds: 3_600, quotedUnits: `${40n * YUAN}` } as const;
    for (const change of [shrink, extend, offer()]) expect(refusalOf(submit(mind, change))).toBe('reservationOffered');
    expect(kindsOf(submit(mind, withdraw).changes)).toContain('transferClosed');
    expect(submit(mind, withdraw).changes).toEqual([]);
    expect(refusalOf(submit(mind, accept(80n), T0, OTHER))).toBe('transferUnknown');
    for (const change of [extend, shrink]) expect(refusalOf(submit(mind, change))).toBeUndefined();
  });

  test('lapses with the start and with a cancellation', () => {
    const started = offered(1);
    eventsTo(started, hoursAfter(1));
    expect(bookedOf(started, 'rsv_a')).toMatchObject({ state: 'active', offeredTo: null });
    expect(refusalOf(submit(started, accept(80n), hoursAfter(1), OTHER))).toBe('transferUnknown');
    expect(refusalOf(submit(started, offer(), hoursAfter(1)))).toBe('reservationNotInState');
    const cancelled = offered();
    expect(kindsOf(submit(cancelled, { kind: 'cancel', reservationId: 'rsv_a' }).changes)).toContain('transferClosed');
  });

  test('is refused in the order of the contract, and then nothing has moved', () => {
    const mind = offered();
    const poor = new Map([[OTHER, units(80n * YUAN - 1n)]]);
    const refused = (yuan: bigint, wallets = RICH) => refusalOf(submit(mind, accept(yuan), T0, OTHER, wallets));
    mind.book.limits.set(OTHER, { cardQuota: 3, monthlySpendingLimitUnits: units(1n) });
    expect(refused(79n, poor)).toBe('quoteChanged');
    expect(refused(80n, poor)).toBe('quotaExceeded');
    mind.book.limits.set(OTHER, { cardQuota: 4, monthlySpendingLimitUnits: units(1n) });
    expect(refused(80n, poor)).toBe('spendingLimitExceeded');
    mind.book.limits.set(OTHER, { cardQuota: 4, monthlySpendingLimitUnits: null });
    expect(refused(80n, poor)).toBe('fundsInsufficient');
    expect(bookedOf(mind, 'rsv_a')).toMatchObject({ organisationId: ORG, offeredTo: OTHER });
    submit(mind, withdraw);
    expect(refusalOf(submit(mind, offer(ORG)))).toBe('transferToSelf');
  });
});
