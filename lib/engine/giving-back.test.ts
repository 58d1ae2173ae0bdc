import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import type { Mind } from './mind.ts';
import { booking, OTHER, smallPool, T0 } from './testing.ts';
import { bookedOf, eventsTo, refusalOf, submit } from './testing-decisions.ts';

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);
const YUAN = 100_000_000n;
const DAY_TERM = { skuId: 'sku_card', priceVersionId: 'prv_card', term: 'day', durationSeconds: null } as const;

const giveBack = (mind: Mind, cards: number, at = T0, cardIds: string[] = []) =>
  submit(mind, { kind: 'shrink', reservationId: 'rsv_a', cards, cardIds }, at);
const cardsOf = (mind: Mind): number[] => mind.book.bindingsOf('rsv_a' as never).map(({ card }) => card);
const find = <K extends Change['kind']>(changes: readonly Change[], kind: K) =>
  changes.find((change): change is Extract<Change, { kind: K }> => change.kind === kind);

describe('cards are given back by the hour', () => {
  test('they are free on the second, and all that was held for them and not used returns', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 16, durationSeconds: 3 * 3_600 }));
    const { changes } = giveBack(mind, 10, instant(T0 + HOUR_MS + 600));
    expect(find(changes, 'moneyReturned')).toMatchObject({ amountUnits: 200n * YUAN, cardSeconds: 72_000n });
    expect(find(changes, 'bindingsClosed')).toMatchObject({ endAt: hoursAfter(1), unusedUntil: null });
    expect(bookedOf(mind, 'rsv_a')?.cards).toBe(6);
    expect(
      refusalOf(submit(mind, booking('rsv_b', { cards: 10 }), instant(T0 + HOUR_MS + 600), OTHER)),
    ).toBeUndefined();
  });

  test('an extension afterwards costs what is left', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 4 }));
    giveBack(mind, 3);
    const extend = { kind: 'extend', reservationId: 'rsv_a', seconds: 3_600, quotedUnits: `${10n * YUAN}` } as const;
    expect(refusalOf(submit(mind, extend))).toBeUndefined();
  });

  test('of an open end the rest of the held hour returns, and the next hour is held for fewer', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 4, durationSeconds: null }));
    const { changes } = giveBack(mind, 1, plusSeconds(T0, 1_800));
    expect(find(changes, 'moneyReturned')).toMatchObject({ amountUnits: 5n * YUAN, cardSeconds: 1_800n });
    const renewed = eventsTo(mind, plusSeconds(T0, 3_300)).find(({ what }) => what.startsWith('holdRenewed'));
    expect(renewed?.data['amountUnits']).toBe(`${30n * YUAN}`);
  });

  test('before the start the whole of it returns, and a tentative promise gets smaller where it lies', () => {
    const mind = smallPool(3);
    submit(mind, booking('rsv_a', { cards: 36, startAt: hoursAfter(5), durationSeconds: 7_200 }));
    const { changes } = giveBack(mind, 5);
    expect(find(changes, 'moneyReturned')).toMatchObject({ amountUnits: 100n * YUAN, cardSeconds: 36_000n });
    expect(mind.state.promises.get('rsv_a')?.shares.map(({ cards }) => cards)).toEqual([16, 15]);
    expect(eventsTo(mind, hoursAfter(6)).map(({ what }) => what)).toContain('started +18000');
    expect(cardsOf(mind)).toHaveLength(31);
  });

  test('a bound promise that has not started gives back cards that were never used', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 4, startAt: hoursAfter(1) }));
    eventsTo(mind, hoursAfter(0.5));
    const { changes } = giveBack(mind, 1, hoursAfter(0.75));
    expect(find(changes, 'bindingsClosed')).toMatchObject({ endAt: hoursAfter(1) });
    expect(find(changes, 'moneyReturned')).toMatchObject({ amountUnits: 10n * YUAN });
  });
});

describe('which cards go', () => {
  test('those that are named', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 4 }));
    giveBack(mind, 2, T0, ['crd_0', 'crd_2']);
    expect(cardsOf(mind)).toEqual([1, 3]);
  });

  test('else the smallest piece, so that whole servers come free', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 20 }));
    giveBack(mind, 5);
    expect(cardsOf(mind).every((card) => card < 16)).toBe(true);
    expect(cardsOf(mind)).toHaveLength(15);
  });

  test('a piece on an earlier server as well', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_x', { cards: 12 }), T0, OTHER);
    submit(mind, booking('rsv_a', { cards: 20 }));
    giveBack(mind, 4);
    expect(cardsOf(mind)).toEqual(Array.from({ length: 16 }, (_, i) => 16 + i));
  });

  test('failed ones first, bound or waiting to be replaced', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 16 }));
    const lost = (card: number) => ({
      cardId: `crd_${card}`,
      health: 'unhealthy' as const,
      takesNewWork: false,
      isRefused: false,
      at: T0,
      reason: 'lost',
    });
    mind.applyAll(decideHealth(mind, lost(3), T0));
    eventsTo(mind, plusSeconds(T0, 40));
    mind.applyAll(decideHealth(mind, { ...lost(7), at: T0 + 41_000 }, plusSeconds(T0, 41)));
    expect(bookedOf(mind, 'rsv_a')?.lost).toHaveLength(2);
    giveBack(mind, 2, plusSeconds(T0, 42));
    expect(bookedOf(mind, 'rsv_a')).toMatchObject({ cards: 14, lost: [] });
    expect(cardsOf(mind)).not.toContain(7);
    expect(cardsOf(mind)).toHaveLength(14);
  });

  test('whole servers where whole servers were bought', () => {
    const mind = smallPool(3);
    submit(mind, booking('rsv_a', { cards: 48, topology: 'whole-servers' }));
    expect(refusalOf(giveBack(mind, 8))).toBe('notWholeServers');
    const mixed = Array.from({ length: 16 }, (_, i) => `crd_${i + 8}`);
    expect(refusalOf(giveBack(mind, 16, T0, mixed))).toBe('notWholeServers');
    expect(refusalOf(giveBack(mind, 16))).toBeUndefined();
    expect(new Set(cardsOf(mind).map((card) => card >> 4)).size).toBe(2);
  });
});

describe('a running term', () => {
  test('credits its share of the rest at once, and is charged on to its end', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 4, ...DAY_TERM }));
    const { changes } = giveBack(mind, 1, hoursAfter(6));
    expect(find(changes, 'moneyReturned')).toBeUndefined();
    // A day at nine tenths of 10 yuan costs 216; three quarters of it are left, half of that is credited.
    expect(find(changes, 'hoursCredited')).toMatchObject({ amountUnits: 81n * YUAN, cardsLeft: 3 });
    expect(find(changes, 'bindingsClosed')).toMatchObject({ endAt: hoursAfter(6), unusedUntil: hoursAfter(24) });
  });

  test('for a failed card nothing is credited, because nothing more is charged', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 16, ...DAY_TERM }));
    const dead = {
      cardId: 'crd_3',
      health: 'unhealthy',
      takesNewWork: false,
      isRefused: false,
      at: T0,
      reason: '',
    } as const;
    mind.applyAll(decideHealth(mind, dead, T0));
    const { changes } = giveBack(mind, 1, plusSeconds(T0, 10));
    expect(find(changes, 'hoursCredited')).toBeUndefined();
    expect(find(changes, 'bindingsClosed')).toMatchObject({ unusedUntil: null });
  });

  test('released as a whole it credits the same share for every card', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 2, ...DAY_TERM }));
    const { changes } = submit(mind, { kind: 'release', reservationId: 'rsv_a' }, hoursAfter(12));
    expect(find(changes, 'hoursCredited')).toMatchObject({ amountUnits: 108n * YUAN, cardsLeft: 0 });
  });

  test('before its start all of the price returns', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 2, startAt: hoursAfter(3), ...DAY_TERM }));
    const { changes } = giveBack(mind, 1);
    expect(find(changes, 'moneyReturned')).toMatchObject({ amountUnits: 216n * YUAN, cardSeconds: 86_400n });
    expect(find(changes, 'hoursCredited')).toBeUndefined();
  });
});

test('refusals name the first reason in the order of the contract', () => {
  const mind = smallPool(2);
  submit(mind, booking('rsv_a', { cards: 4, startAt: hoursAfter(3) }));
  const shrink = (cards: number, cardIds: string[] = []) =>
    ({ kind: 'shrink', reservationId: 'rsv_a', cards, cardIds }) as const;
  expect(refusalOf(submit(mind, shrink(0), T0, OTHER))).toBe('reservationUnknown');
  for (const cards of [0, -1, 4, 5, 1.5]) expect(refusalOf(submit(mind, shrink(cards)))).toBe('cardsOutOfRange');
  expect(refusalOf(submit(mind, shrink(1, ['crd_0'])))).toBe('cardUnknown');
  eventsTo(mind, hoursAfter(3));
  expect(refusalOf(submit(mind, shrink(1, ['crd_31']), hoursAfter(3)))).toBe('cardUnknown');
  expect(refusalOf(submit(mind, shrink(1, ['crd_0', 'crd_0']), hoursAfter(3)))).toBeUndefined();
  expect(refusalOf(submit(mind, shrink(2, ['crd_1']), hoursAfter(3)))).toBe('cardsOutOfRange');
  expect(bookedOf(mind, 'rsv_a')?.cards).toBe(3);
});
