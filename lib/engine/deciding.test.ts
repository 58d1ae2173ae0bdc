import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { CardAct } from '#lib/inventory/lifecycle.ts';
import { decide } from '#lib/reservations/decide.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import type { Mind } from './mind.ts';
import { booking, cardsBoundBy, commandOf, ORG, OTHER, RICH, smallPool, T0 } from './testing.ts';

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);

function submit(mind: Mind, payload: CommandPayload, at = T0, org = ORG, wallets = RICH) {
  const decision = decide(mind, commandOf(payload, org), wallets, at);
  mind.applyAll(decision.changes);
  return decision;
}

function runTo(mind: Mind, at: number): string[] {
  const seen: string[] = [];
  for (let due = nextDue(mind); due && due.at <= at; due = nextDue(mind)) {
    const of = 'reservation' in due ? due.reservation.id : due.kind === 'trust' ? `card ${due.card}` : due.window.id;
    // Notices change nobody's cards: `end-notices.test.ts` has them.
    if (due.kind !== 'notice') seen.push(`${due.kind} ${of} +${(due.at - T0) / 1_000}`);
    mind.applyAll(decideDue(mind, due, RICH));
  }
  return seen;
}

const FIRST_SERVER = Array.from({ length: 16 }, (_, i) => i);

function act(mind: Mind, name: CardAct, ...cards: number[]) {
  const payload = { kind: 'cardAct', act: name, cardIds: cards.map((card) => `crd_${card}`), reason: 'fan' } as const;
  return submit(mind, payload, T0, null as never);
}

const refusalOf = (decision: { answer: { ok: boolean; refusal?: { code: string } } }): string | undefined =>
  decision.answer.refusal?.code;

describe('a booking that starts now', () => {
  test('is active at once with its cards, and its money is set aside', () => {
    const mind = smallPool(2);
    const { answer, changes } = submit(
      mind,
      booking('rsv_a', { cards: 8, durationSeconds: 3 * 3_600 }),
      plusSeconds(T0, 33),
    );
    expect(answer).toEqual({ ok: true, value: { reservationId: 'rsv_a' } });
    expect(cardsBoundBy(changes)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(changes.find((change) => change.kind === 'moneyPlaced')).toMatchObject({
      amountUnits: 240_00000000n,
      cardSeconds: 86_400n,
    });
    expect(mind.book.reservations.get('rsv_a' as never)).toMatchObject({
      state: 'active',
      interval: { startAt: T0 + 33_000, endAt: T0 + 33_000 + 3 * HOUR_MS },
    });
  });

  test('takes the tightest server, so that whole servers stay whole', () => {
    const mind = smallPool(3);
    submit(mind, booking('rsv_a', { cards: 12 }));
    expect(cardsBoundBy(submit(mind, booking('rsv_b', { cards: 4 })).changes)).toEqual([12, 13, 14, 15]);
    expect(cardsBoundBy(submit(mind, booking('rsv_c', { cards: 32, topology: 'whole-servers' })).changes)).toHaveLength(
      32,
    );
  });

  test('ends by itself on its last second and frees its cards for the next', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 16, durationSeconds: 24 }));
    expect(refusalOf(submit(mind, booking('rsv_b', { cards: 1 }), plusSeconds(T0, 23)))).toBe('capacityExhausted');
    expect(runTo(mind, plusSeconds(T0, 24))).toEqual(['end rsv_a +24']);
    expect(submit(mind, booking('rsv_c', { cards: 16 }), plusSeconds(T0, 24)).answer.ok).toBe(true);
  });
});

describe('a booking for later', () => {
  test('is planned, bound half an hour before, and starts on time', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 16, startAt: hoursAfter(5) }));
    expect(mind.book.bindingsOf('rsv_a' as never)).toEqual([]);
    expect(runTo(mind, hoursAfter(7))).toEqual(['bind rsv_a +16200', 'start rsv_a +18000', 'end rsv_a +21600']);
  });

  test('moves to another server when that makes room for one that needs to start now', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_running', { cards: 8, durationSeconds: 10 * 3_600 }));
    submit(mind, booking('rsv_later', { cards: 8, startAt: hoursAfter(2), durationSeconds: 4 * 3_600 }));
    expect(mind.state.promises.get('rsv_later')?.shares).toEqual([{ server: 0, cards: 8 }]);
    // 16 cards on one server from now over the later one's time: only server 1 is whole, and it must stay so.
    expect(
      submit(mind, booking('rsv_big', { cards: 16, topology: 'same-server', durationSeconds: 8 * 3_600 })).answer.ok,
    ).toBe(true);
    expect(refusalOf(submit(mind, booking('rsv_none', { cards: 1, durationSeconds: 3 * 3_600 })))).toBe(
      'capacityExhausted',
    );
    expect(runTo(mind, hoursAfter(3))).toContain('start rsv_later +7200');
  });

  test('re-planning rescues a booking that counting would refuse', () => {
    const mind = smallPool(2);
    // Two halves, one on each server, although they could share one.
    submit(mind, booking('rsv_x', { cards: 9, startAt: hoursAfter(2) }));
    submit(mind, booking('rsv_a', { cards: 8, startAt: hoursAfter(2) }));
    submit(mind, { kind: 'cancel', reservationId: 'rsv_x' });
    submit(mind, booking('rsv_b', { cards: 8, startAt: hoursAfter(3) }));
    submit(mind, booking('rsv_c', { cards: 4, startAt: hoursAfter(2), durationSeconds: 2 * 3_600 }));
    const big = submit(
      mind,
      booking('rsv_big', { cards: 16, topology: 'same-server', startAt: hoursAfter(2), durationSeconds: 2 * 3_600 }),
    );
    expect(big.answer.ok).toBe(true);
  });

  test('a later promise is never broken by what starts now', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_later', { cards: 10, startAt: hoursAfter(2) }));
    expect(refusalOf(submit(mind, booking('rsv_now', { cards: 7, durationSeconds: 3 * 3_600 })))).toBe(
      'capacityExhausted',
    );
    expect(submit(mind, booking('rsv_short', { cards: 16, durationSeconds: 2 * 3_600 })).answer.ok).toBe(true);
  });
});

describe('refusals name the first reason in the order of the contract', () => {
  const poor = new Map([[ORG, units(1n)]]);

  test('quote before price before quota before capacity before funds', () => {
    const mind = smallPool(1);
    mind.book.limits.set(ORG, { cardQuota: 8, monthlySpendingLimitUnits: units(1n) });
    const wish = { cards: 17, quoteExpiresAt: T0 - 1, skuId: 'sku_none', quotedUnits: '1' };
    expect(refusalOf(submit(mind, booking('rsv_a', wish), T0, ORG, poor))).toBe('quoteExpired');
    expect(refusalOf(submit(mind, booking('rsv_a', { ...wish, quoteExpiresAt: T0 }), T0, ORG, poor))).toBe(
      'priceRetired',
    );
    const priced = { cards: 17, quotedUnits: '1' };
    expect(refusalOf(submit(mind, booking('rsv_a', priced), T0, ORG, poor))).toBe('quoteChanged');
    expect(refusalOf(submit(mind, booking('rsv_a', { cards: 17 }), T0, ORG, poor))).toBe('quotaExceeded');
    mind.book.limits.set(ORG, { cardQuota: 100, monthlySpendingLimitUnits: units(1n) });
    expect(refusalOf(submit(mind, booking('rsv_a', { cards: 17 }), T0, ORG, poor))).toBe('spendingLimitExceeded');
    mind.book.limits.set(ORG, { cardQuota: 100, monthlySpendingLimitUnits: null });
    expect(refusalOf(submit(mind, booking('rsv_a', { cards: 17 }), T0, ORG, poor))).toBe('capacityExhausted');
    expect(refusalOf(submit(mind, booking('rsv_a', { cards: 16 }), T0, ORG, poor))).toBe('fundsInsufficient');
  });

  test('enough cards, but not together, is another answer than too few', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 9, topology: 'same-server' }));
    submit(mind, booking('rsv_b', { cards: 9, topology: 'same-server' }));
    const split = submit(mind, booking('rsv_c', { cards: 10, topology: 'same-server' }));
    expect(split.answer).toMatchObject({
      refusal: { code: 'placementImpossible', needed: 10, free: 14, earliestStartAt: hoursAfter(1) },
    });
    expect(refusalOf(submit(mind, booking('rsv_d', { cards: 15 })))).toBe('capacityExhausted');
  });

  test("another organisation's reservation does not exist", () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a'));
    for (const kind of ['cancel', 'release'] as const) {
      expect(refusalOf(submit(mind, { kind, reservationId: 'rsv_a' }, T0, OTHER))).toBe('reservationUnknown');
    }
    expect(refusalOf(submit(mind, { kind: 'cancel', reservationId: 'rsv_a' }))).toBe('reservationNotInState');
  });
});

describe('changes', () => {
  test('release frees the cards on the second', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 16, durationSeconds: 9_000 }));
    const { changes } = submit(mind, { kind: 'release', reservationId: 'rsv_a' }, instant(T0 + 600_900));
    expect(changes.find((change) => change.kind === 'bindingsClosed')).toMatchObject({ endAt: T0 + 600_000 });
    expect(submit(mind, booking('rsv_b', { cards: 16 }), instant(T0 + 600_900)).answer.ok).toBe(true);
  });

  test('extend keeps the cards, and gives way to nobody who was promised them', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 16 }));
    submit(mind, booking('rsv_b', { cards: 16, startAt: hoursAfter(2) }));
    const extend = (seconds: number, yuan: bigint) =>
      submit(mind, { kind: 'extend', reservationId: 'rsv_a', seconds, quotedUnits: `${yuan * 100_000_000n}` });
    expect(refusalOf(extend(7_200, 320n))).toBe('extensionBlocked');
    expect(refusalOf(extend(3_600, 159n))).toBe('quoteChanged');
    expect(extend(3_600, 160n).answer.ok).toBe(true);
    expect(runTo(mind, hoursAfter(2))).toEqual(['bind rsv_b +5400', 'end rsv_a +7200', 'start rsv_b +7200']);
  });

  test('an open end holds hour by hour and ends on the held second when money runs out', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 1, durationSeconds: null }));
    const due = nextDue(mind);
    expect(due).toMatchObject({ kind: 'renew', at: T0 + 3_300_000 });
    if (due) mind.applyAll(decideDue(mind, due, RICH));
    const later = nextDue(mind);
    if (later) mind.applyAll(decideDue(mind, later, new Map()));
    expect(runTo(mind, hoursAfter(9))).toEqual(['end rsv_a +7200']);
  });

  test('a term by the card is paid in advance at its factor', () => {
    const mind = smallPool(1);
    const wish = {
      cards: 2,
      skuId: 'sku_card',
      priceVersionId: 'prv_card',
      term: 'day',
      durationSeconds: null,
    } as const;
    const { changes } = submit(mind, booking('rsv_a', wish));
    expect(changes.find((change) => change.kind === 'moneyPlaced')).toMatchObject({ amountUnits: 432_00000000n });
    expect(mind.book.reservations.get('rsv_a' as never)?.term).toEqual({
      kind: 'day',
      seconds: 86_400,
      priceUnits: 216_00000000n,
    });
  });
});

describe('cards', () => {
  const unhealthy = (card: number, at: number) => ({
    cardId: `crd_${card}`,
    health: 'unhealthy' as const,
    takesNewWork: false,
    isRefused: false,
    at,
    reason: 'lost',
  });
  const well = (card: number, at: number) => ({
    ...unhealthy(card, at),
    health: 'healthy' as const,
    takesNewWork: true,
    reason: 'none',
  });
  const refusing = (card: number, at: number) => ({
    ...well(card, at),
    takesNewWork: false,
    reason: 'server_reboot_pending',
  });

  test('a cordoned card gets no new work and keeps its holder', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 1 }));
    act(mind, 'cordon', ...FIRST_SERVER);
    expect(cardsBoundBy(submit(mind, booking('rsv_b', { cards: 16 })).changes)).toEqual(
      Array.from({ length: 16 }, (_, i) => 16 + i),
    );
    expect(refusalOf(submit(mind, booking('rsv_c', { cards: 1 })))).toBe('capacityExhausted');
    expect(mind.book.bindingsOf('rsv_a' as never)).toHaveLength(1);
  });

  test('a promise on a cordoned server moves to another', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 16, startAt: hoursAfter(3) }));
    act(mind, 'cordon', 3);
    expect(mind.state.promises.get('rsv_a')?.shares).toEqual([{ server: 1, cards: 16 }]);
  });

  test('a failed card is replaced after the debounce, nearest first', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 8 }));
    mind.applyAll(decideHealth(mind, unhealthy(2, T0 + 60_000), plusSeconds(T0, 61)));
    expect(mind.book.reservations.get('rsv_a' as never)?.lost).toHaveLength(1);
    expect(runTo(mind, plusSeconds(T0, 89))).toEqual([]);
    expect(runTo(mind, plusSeconds(T0, 90))).toEqual(['replace rsv_a +90']);
    expect(mind.book.bindingsOf('rsv_a' as never).map(({ card }) => card)).toEqual([0, 1, 3, 4, 5, 6, 7, 8]);
    expect(mind.book.reservations.get('rsv_a' as never)?.lost).toEqual([]);
  });

  test('a card that is healthy again within the debounce stays', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 8 }));
    mind.applyAll(decideHealth(mind, unhealthy(2, T0 + 60_000), plusSeconds(T0, 60)));
    mind.applyAll(decideHealth(mind, well(2, T0 + 70_000), plusSeconds(T0, 70)));
    expect(runTo(mind, plusSeconds(T0, 600))).toEqual(['trust card 2 +130']);
    expect(mind.book.bindingsOf('rsv_a' as never)).toHaveLength(8);
  });

  test('a card that was down gets new work only when it has been well long enough', () => {
    const mind = smallPool(1);
    mind.applyAll(decideHealth(mind, unhealthy(2, T0), T0));
    mind.applyAll(decideHealth(mind, well(2, T0 + 10_000), plusSeconds(T0, 10)));
    expect(refusalOf(submit(mind, booking('rsv_a', { cards: 16 }), plusSeconds(T0, 20)))).toBe('capacityExhausted');
    mind.applyAll(decideHealth(mind, unhealthy(2, T0 + 30_000), plusSeconds(T0, 30)));
    mind.applyAll(decideHealth(mind, well(2, T0 + 40_000), plusSeconds(T0, 40)));
    expect(runTo(mind, plusSeconds(T0, 99))).toEqual([]);
    expect(runTo(mind, plusSeconds(T0, 100))).toEqual(['trust card 2 +100']);
    expect(refusalOf(submit(mind, booking('rsv_b', { cards: 16 }), plusSeconds(T0, 100)))).toBeUndefined();
  });

  test('a card that fails again on probation is replaced without waiting again', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 8 }));
    mind.applyAll(decideHealth(mind, unhealthy(2, T0 + 60_000), plusSeconds(T0, 60)));
    mind.applyAll(decideHealth(mind, well(2, T0 + 70_000), plusSeconds(T0, 70)));
    mind.applyAll(decideHealth(mind, unhealthy(2, T0 + 80_000), plusSeconds(T0, 80)));
    expect(runTo(mind, plusSeconds(T0, 80))).toEqual(['replace rsv_a +80']);
    expect(mind.book.bindingsOf('rsv_a' as never).map(({ card }) => card)).not.toContain(2);
  });

  test('a server with a running booking is drained: it stays to its end, is not extended, and then it is empty', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 8 }));
    submit(mind, booking('rsv_b', { cards: 2, topology: 'same-server', startAt: hoursAfter(2) }));
    act(mind, 'drain', ...FIRST_SERVER);
    expect(mind.state.promises.get('rsv_b')?.shares).toEqual([{ server: 1, cards: 2 }]);
    expect(refusalOf(act(mind, 'startMaintenance', ...FIRST_SERVER))).toBe('cardsHeld');
    const longer = { kind: 'extend', reservationId: 'rsv_a', seconds: 3_600, quotedUnits: '8000000000' } as const;
    expect(submit(mind, longer).answer).toEqual({ ok: false, refusal: { code: 'extensionBlocked', cards: 8 } });
    runTo(mind, hoursAfter(1));
    expect(act(mind, 'startMaintenance', ...FIRST_SERVER).answer.ok).toBe(true);
    expect(mind.book.cards[0]?.lifecycle).toBe('maintenance');
    expect(cardsBoundBy(submit(mind, booking('rsv_c', { cards: 14 }), hoursAfter(1)).changes)).not.toContain(0);
  });

  test('a card that a booking is bound to before its start is held, and cannot be worked on', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 1, startAt: hoursAfter(1) }));
    runTo(mind, hoursAfter(0.5));
    act(mind, 'drain', ...FIRST_SERVER);
    expect(refusalOf(act(mind, 'startMaintenance', ...FIRST_SERVER))).toBe('cardsHeld');
    expect(runTo(mind, hoursAfter(1))).toEqual(['start rsv_a +3600']);
    runTo(mind, hoursAfter(2));
    expect(act(mind, 'startMaintenance', ...FIRST_SERVER).answer.ok).toBe(true);
  });

  test('a card comes back from maintenance when its device works, and an act changes nothing twice', () => {
    const mind = smallPool(1);
    act(mind, 'startMaintenance', 5);
    mind.applyAll(decideHealth(mind, unhealthy(5, T0), T0));
    expect(refusalOf(act(mind, 'finishMaintenance', 5))).toBe('cardsNotWorking');
    mind.applyAll(decideHealth(mind, well(5, T0), T0));
    expect(act(mind, 'finishMaintenance', 5).changes).toMatchObject([{ kind: 'cardsMoved', from: 'maintenance' }]);
    expect(act(mind, 'finishMaintenance', 5)).toMatchObject({ answer: { ok: true }, changes: [] });
    expect(refusalOf(act(mind, 'takeBack', 5))).toBeUndefined();
    expect(refusalOf(act(mind, 'receive', 5))).toBe('cardsInWrongState');
    expect(refusalOf(act(mind, 'cordon', 99))).toBe('cardUnknown');
  });

  test('a card that cannot be replaced does not hold up one that can, and is tried again', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_a', { cards: 15 }));
    mind.applyAll(decideHealth(mind, unhealthy(0, T0), T0));
    mind.applyAll(decideHealth(mind, unhealthy(1, T0 + 1_000), T0));
    runTo(mind, plusSeconds(T0, 40));
    expect(mind.book.bindingsOf('rsv_a' as never)).toHaveLength(14);
    mind.applyAll(decideHealth(mind, well(0, T0 + 50_000), plusSeconds(T0, 50)));
    runTo(mind, plusSeconds(T0, 109));
    expect(mind.book.bindingsOf('rsv_a' as never)).toHaveLength(14);
    runTo(mind, plusSeconds(T0, 160));
    expect(mind.book.bindingsOf('rsv_a' as never)).toHaveLength(15);
  });

  test('a card whose device takes no new work gets none and keeps its holder', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 1 }));
    for (let card = 0; card < 16; card += 1) mind.applyAll(decideHealth(mind, refusing(card, T0), T0));
    expect(mind.book.reservations.get('rsv_a' as never)?.lost).toEqual([]);
    expect(cardsBoundBy(submit(mind, booking('rsv_b', { cards: 2 })).changes)).toEqual([16, 17]);
    mind.applyAll(decideHealth(mind, well(1, T0 + 1_000), T0));
    expect(cardsBoundBy(submit(mind, booking('rsv_c', { cards: 15 })).changes)).toContain(1);
  });

  test('a card that is refused to its holder is replaced, however healthy it looks', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 8 }));
    const refused = { ...refusing(2, T0), isRefused: true, reason: 'grant_refused' };
    mind.applyAll(decideHealth(mind, refused, T0));
    expect(decideHealth(mind, { ...refused, isRefused: false }, T0)).toEqual([]);
    expect(runTo(mind, plusSeconds(T0, 30))).toEqual(['replace rsv_a +30']);
    expect(mind.book.bindingsOf('rsv_a' as never).map(({ card }) => card)).toEqual([0, 1, 3, 4, 5, 6, 7, 8]);
  });

  test('a card that fails between binding and start is replaced at the start', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_a', { cards: 8, startAt: hoursAfter(1) }));
    runTo(mind, hoursAfter(0.5));
    expect(mind.book.bindingsOf('rsv_a' as never)).toHaveLength(8);
    mind.applyAll(decideHealth(mind, unhealthy(2, hoursAfter(0.75)), hoursAfter(0.75)));
    mind.applyAll(decideHealth(mind, refusing(3, hoursAfter(0.75)), hoursAfter(0.75)));
    expect(runTo(mind, hoursAfter(1))).toEqual(['start rsv_a +3600', 'replace rsv_a +3600', 'replace rsv_a +3600']);
    const cards = mind.book.bindingsOf('rsv_a' as never).map(({ card }) => card);
    expect(cards).toHaveLength(8);
    expect(cards).not.toContain(2);
    expect(cards).not.toContain(3);
  });
});
