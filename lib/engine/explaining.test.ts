import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { CardAct } from '#lib/inventory/lifecycle.ts';
import { decide } from '#lib/reservations/decide.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { Mind } from './mind.ts';
import { booking, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);

function submit(mind: Mind, payload: CommandPayload, at = T0, org = ORG, wallets = RICH) {
  const decision = decide(mind, commandOf(payload, org), wallets, at);
  mind.applyAll(decision.changes);
  return decision;
}

const HOUR_S = 3_600;
const book = (mind: Mind, id: string, wish: Parameters<typeof booking>[1], at = T0, org = OTHER) =>
  submit(mind, booking(id, wish), at, org);

function why(mind: Mind, wish: Parameters<typeof booking>[1], at = T0, wallets = RICH) {
  const { answer, explained } = submit(mind, booking('rsv_asked', wish), at, ORG, wallets);
  expect(answer.ok).toBe(false);
  if (!explained) throw new Error('unexplained');
  return { ...explained.explanation, blockers: explained.blockers };
}

function act(mind: Mind, name: CardAct, cards: readonly number[]) {
  const payload = { kind: 'cardAct', act: name, cardIds: cards.map((card) => `crd_${card}`), reason: 'fan' } as const;
  const decision = decide(mind, commandOf(payload, null), RICH, T0);
  mind.applyAll(decision.changes);
}

function fail(mind: Mind, cards: readonly number[], at = T0) {
  for (const card of cards) {
    const change = { cardId: `crd_${card}`, health: 'unhealthy', takesNewWork: false, isRefused: false } as const;
    mind.applyAll(decideHealth(mind, { ...change, at, reason: '' }, at));
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('a refused booking says the one reason', () => {
  test('too few cards are free: what is, who has the rest and until when, and what would do', () => {
    const mind = smallPool(2);
    book(mind, 'rsv_a', { cards: 12, durationSeconds: 5 * HOUR_S });
    book(mind, 'rsv_b', { cards: 14, durationSeconds: 2 * HOUR_S });
    expect(why(mind, { cards: 8 })).toEqual({
      token: 'capacityExhausted',
      needed: 8,
      numbers: {},
      free: { cards: 6, largestOnServer: 4, largestOnSupernode: 6, idleServers: 0, idleSupernodes: 0 },
      blocked: {
        reservation: { count: 2, cards: 26 },
        maintenance: { count: 0, cards: 0 },
        repair: { count: 0, cards: 0 },
      },
      earliestStartAt: hoursAfter(2),
      sooner: [{ change: 'fewerCards', value: 6, startAt: T0 }],
      blockers: [
        { kind: 'reservation', id: 'rsv_b', organisationId: OTHER, cards: 14, until: hoursAfter(2) },
        { kind: 'reservation', id: 'rsv_a', organisationId: OTHER, cards: 12, until: hoursAfter(5) },
      ],
    });
  });

  test('cards are free, but not for so long', () => {
    const mind = smallPool(1);
    book(mind, 'rsv_later', { cards: 10, startAt: hoursAfter(5), durationSeconds: 3 * HOUR_S });
    const found = why(mind, { cards: 8, durationSeconds: 12 * HOUR_S });
    expect(found).toMatchObject({ token: 'tooLongForGap', earliestStartAt: hoursAfter(8) });
    expect(found.sooner).toContainEqual({ change: 'shorter', value: 5 * HOUR_S, startAt: T0 });
    expect(found.blockers.map(({ id }) => id)).toEqual(['rsv_later']);
  });

  test('a reservation begins before the shortest length is over', () => {
    const mind = smallPool(1);
    book(mind, 'rsv_later', { cards: 10, startAt: hoursAfter(1), durationSeconds: 3 * HOUR_S });
    const found = why(mind, { cards: 8, durationSeconds: HOUR_S }, hoursAfter(0.75));
    expect(found).toMatchObject({ token: 'blockedByReservation', earliestStartAt: hoursAfter(4) });
  });

  test('enough cards, but not together on one server; a looser topology would do', () => {
    const mind = smallPool(2);
    book(mind, 'rsv_a', { cards: 9, topology: 'same-server' });
    book(mind, 'rsv_b', { cards: 9, topology: 'same-server' });
    const found = why(mind, { cards: 10, topology: 'same-server' });
    expect(found).toMatchObject({ token: 'fragmentedAcrossServers', free: { cards: 14, largestOnServer: 7 } });
    expect(found.sooner).toEqual([
      { change: 'looserTopology', value: 'same-supernode', startAt: T0 },
      { change: 'fewerCards', value: 7, startAt: T0 },
    ]);
  });

  test('whole servers are counted as servers', () => {
    const mind = smallPool(3);
    for (const id of ['rsv_a', 'rsv_b']) book(mind, id, { cards: 9, topology: 'same-server' });
    const found = why(mind, { cards: 32, topology: 'whole-servers', durationSeconds: HOUR_S });
    expect(found).toMatchObject({ token: 'capacityExhausted', free: { idleServers: 1 } });
    expect(found.sooner).toEqual([{ change: 'fewerCards', value: 16, startAt: T0 }]);
  });

  test('enough cards, but not within one supernode', () => {
    const mind = smallPool(8);
    book(mind, 'rsv_a', { cards: 40, topology: 'same-supernode' });
    book(mind, 'rsv_b', { cards: 40, topology: 'same-supernode' });
    const found = why(mind, { cards: 30, topology: 'same-supernode' });
    expect(found).toMatchObject({
      token: 'fragmentedAcrossSupernodes',
      free: { cards: 48, largestOnSupernode: 24, idleSupernodes: 0 },
    });
    expect(found.sooner[0]).toEqual({ change: 'looserTopology', value: 'any', startAt: T0 });
  });

  test('enough cards, but no supernode that is wholly free', () => {
    const mind = smallPool(12);
    for (const id of ['rsv_a', 'rsv_b', 'rsv_c']) book(mind, id, { cards: 33, topology: 'same-supernode' });
    const found = why(mind, { cards: 64, topology: 'whole-supernodes' });
    expect(found).toMatchObject({
      token: 'fragmentedAcrossSupernodes',
      free: { cards: 93, idleServers: 3, idleSupernodes: 0 },
    });
    expect(found.sooner).toEqual([{ change: 'looserTopology', value: 'any', startAt: T0 }]);
  });

  test('work on cards is the reason where the booking would fit without it, their failing where it needs those too', () => {
    const mind = smallPool(1);
    act(mind, 'cordon', range(0, 4));
    expect(why(mind, { cards: 14 })).toMatchObject({
      token: 'blockedByMaintenance',
      blocked: { maintenance: { count: 4, cards: 4 }, repair: { count: 0 } },
      blockers: [{ kind: 'maintenance', id: 'crd_0', cards: 1 }, { id: 'crd_1' }, { id: 'crd_2' }, { id: 'crd_3' }],
    });
    fail(mind, [4, 5]);
    expect(why(mind, { cards: 14 })).toMatchObject({ token: 'blockedByMaintenance' });
    expect(why(mind, { cards: 15 })).toMatchObject({ token: 'waitingForRepair', blocked: { repair: { cards: 2 } } });
  });

  test('what the pool can never give is named as that', () => {
    const mind = smallPool(2);
    expect(why(mind, { cards: 33 })).toMatchObject({ token: 'misconfigured', earliestStartAt: null });
    expect(why(mind, { cards: 17, topology: 'same-server' }).sooner).toEqual([
      { change: 'looserTopology', value: 'same-supernode', startAt: T0 },
      { change: 'fewerCards', value: 16, startAt: T0 },
    ]);
  });

  test('a term that is sold shorter is suggested', () => {
    const mind = smallPool(1);
    const price = mind.book.catalog.prices.get('prv_card');
    if (!price) throw new Error('no price');
    const week = { term: 'week', termSeconds: 7 * 86_400, factorBps: 8_000 } as const;
    mind.book.catalog = {
      ...mind.book.catalog,
      prices: new Map([...mind.book.catalog.prices, ['prv_card', { ...price, terms: [...price.terms, week] }]]),
    };
    book(mind, 'rsv_later', { cards: 10, startAt: hoursAfter(48), durationSeconds: 3 * HOUR_S });
    const byCard = { skuId: 'sku_card', priceVersionId: 'prv_card', durationSeconds: null } as const;
    const found = why(mind, { ...byCard, cards: 8, term: 'week' });
    expect(found.token).toBe('tooLongForGap');
    expect(found.sooner).toContainEqual({ change: 'shorter', value: 86_400, startAt: T0 });
  });

  test('quota, spending limit, money and stale quotes speak for themselves, with the cards that would do', () => {
    const mind = smallPool(2);
    mind.book.limits.set(ORG, { cardQuota: 6, monthlySpendingLimitUnits: null });
    expect(why(mind, { cards: 8 })).toMatchObject({
      token: 'quotaExceeded',
      numbers: { quota: 6, inUse: 0 },
      sooner: [{ change: 'fewerCards', value: 6, startAt: T0 }],
    });
    mind.book.limits.set(ORG, { cardQuota: 64, monthlySpendingLimitUnits: units(45_00000000n) });
    expect(why(mind, { cards: 8, quotedUnits: '8000000000' })).toMatchObject({
      token: 'spendingLimit',
      sooner: [{ change: 'fewerCards', value: 4 }],
    });
    mind.book.limits.set(ORG, { cardQuota: 64, monthlySpendingLimitUnits: null });
    const poor = new Map([[ORG as string, units(39_00000000n)]]);
    expect(why(mind, { cards: 8 }, T0, poor)).toMatchObject({
      token: 'fundsInsufficient',
      sooner: [{ change: 'fewerCards', value: 3 }],
    });
    expect(why(mind, { quoteExpiresAt: T0 - 1 }).token).toBe('quoteOutdated');
    expect(why(mind, { imageId: 'img_none' }).token).toBe('misconfigured');
    expect(why(mind, { startAt: T0 - HOUR_MS }).token).toBe('misconfigured');
  });
});

describe('a refused extension', () => {
  const extend = (mind: Mind, hours: number, cards = 8, at = T0) => {
    const quotedUnits = `${BigInt(hours * cards) * 10_00000000n}`;
    return submit(mind, { kind: 'extend', reservationId: 'rsv_a', seconds: hours * HOUR_S, quotedUnits }, at);
  };

  test('names who needs the cards next, and how much longer they are free', () => {
    const mind = smallPool(1);
    book(mind, 'rsv_a', { cards: 8, durationSeconds: 2 * HOUR_S }, T0, ORG);
    book(mind, 'rsv_b', { cards: 16, startAt: hoursAfter(5), durationSeconds: 2 * HOUR_S });
    const { explained } = extend(mind, 6);
    expect(explained?.explanation).toMatchObject({
      token: 'tooLongForGap',
      needed: 8,
      blocked: { reservation: { count: 1, cards: 16 } },
      sooner: [{ change: 'shorter', value: 3 * HOUR_S, startAt: hoursAfter(2) }],
    });
    expect(explained?.blockers).toEqual([
      { kind: 'reservation', id: 'rsv_b', organisationId: OTHER, cards: 16, until: hoursAfter(7) },
    ]);
    expect(extend(mind, 3).answer.ok).toBe(true);
    expect(extend(mind, 1).explained?.explanation).toMatchObject({ token: 'blockedByReservation', sooner: [] });
  });

  test('of cards that are bound to another already names it with just those cards', () => {
    const mind = smallPool(1);
    book(mind, 'rsv_a', { cards: 8, durationSeconds: 2 * HOUR_S }, T0, ORG);
    book(mind, 'rsv_b', { cards: 16, startAt: hoursAfter(2), durationSeconds: HOUR_S }, hoursAfter(1.75));
    expect(mind.book.bindingsOf('rsv_b' as never)).toHaveLength(16);
    const { answer, explained } = extend(mind, 3, 8, hoursAfter(1.75));
    expect(answer).toMatchObject({ refusal: { code: 'extensionBlocked', cards: 8 } });
    expect(explained?.explanation).toMatchObject({
      token: 'blockedByReservation',
      blocked: { reservation: { count: 1, cards: 8 } },
      sooner: [],
    });
    expect(explained?.blockers).toMatchObject([{ id: 'rsv_b', cards: 8, until: hoursAfter(3) }]);
  });

  test('of cards that are being emptied is blocked by the work on them', () => {
    const mind = smallPool(1);
    book(mind, 'rsv_a', { cards: 8, durationSeconds: 2 * HOUR_S }, T0, ORG);
    act(mind, 'drain', range(0, 16));
    const { explained } = extend(mind, 1);
    expect(explained?.explanation).toMatchObject({
      token: 'blockedByMaintenance',
      blocked: { maintenance: { cards: 8 } },
    });
  });

  test('of a promise whose cards are not bound is explained as room for all of it', () => {
    const mind = smallPool(1);
    book(mind, 'rsv_a', { cards: 8, startAt: hoursAfter(2), durationSeconds: 2 * HOUR_S }, T0, ORG);
    book(mind, 'rsv_b', { cards: 16, startAt: hoursAfter(6), durationSeconds: HOUR_S });
    const { explained } = extend(mind, 4);
    expect(explained?.explanation).toMatchObject({ token: 'tooLongForGap' });
    expect(explained?.explanation.sooner).toContainEqual({
      change: 'shorter',
      value: 2 * HOUR_S,
      startAt: hoursAfter(4),
    });
  });
});

test('a card that nothing can replace keeps what was free elsewhere, where its reservation may not go', () => {
  const mind = smallPool(2);
  book(mind, 'rsv_a', { cards: 16, topology: 'same-server', durationSeconds: 5 * HOUR_S }, T0, ORG);
  fail(mind, [3]);
  for (let due = nextDue(mind); due && due.at <= plusSeconds(T0, 40); due = nextDue(mind))
    mind.applyAll(decideDue(mind, due, RICH));
  expect(mind.book.reservations.get('rsv_a' as never)?.lost).toMatchObject([{ card: 3, freeElsewhere: 16 }]);
});
