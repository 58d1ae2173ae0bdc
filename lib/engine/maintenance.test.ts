import { describe, expect, test } from 'vitest';
import { type Instant, plusSeconds } from '#lib/core/instant.ts';
import { decide } from '#lib/reservations/decide.ts';
import { effectOf } from '#lib/reservations/maintenance-types.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import { decideDue, nextDue } from '#lib/reservations/timers.ts';
import type { Change } from '#lib/reservations/decision-types.ts';
import type { CommandPayload } from '#lib/reservations/command-types.ts';
import { blockedInterval } from '#lib/reservations/windows.ts';
import { gapsOn } from '#lib/scheduler/blocks.ts';
import { overcommittedServers } from '#lib/scheduler/bind.ts';
import { freeInPool } from '#lib/scheduler/free.ts';
import { decideRound } from './batch.ts';
import type { Mind } from './mind.ts';
import { booking, commandOf, RICH, smallPool, T0 } from './testing.ts';
import {
  hoursAfter,
  serverCards,
  submit,
  runTo,
  drain,
  planWindow,
  refusalOf,
  eventsOf,
  windowOf,
  cardsOf,
} from './testing-maintenance.ts';

describe('a drain is shown before anything happens', () => {
  test('who runs there, until when, where each card would go, and which promises would move', () => {
    const mind = smallPool(8);
    submit(mind, booking('rsv_run', { cards: 12, durationSeconds: 5 * 3_600 }));
    submit(mind, booking('rsv_same', { cards: 4, topology: 'same-server', durationSeconds: 3 * 3_600 }));
    submit(mind, booking('rsv_later', { cards: 16, topology: 'same-server', startAt: hoursAfter(6) }));
    expect(mind.state.promises.get('rsv_later')?.shares).toEqual([{ server: 0, cards: 16 }]);
    const version = mind.planner.version;
    const outcome = drain(mind, serverCards(0), { startAt: hoursAfter(1), endAt: hoursAfter(9) });
    expect(outcome.hits.map(({ reservationId, moves }) => [reservationId, moves.length])).toEqual([
      ['rsv_run', 12],
      ['rsv_same', 4],
    ]);
    const [run, same] = outcome.hits;
    expect(run?.moves[0]).toEqual({ card: 0, to: { card: 16, reach: 'supernode' } });
    expect(new Set(run?.moves.map(({ to }) => to?.card)).size).toBe(12);
    // Together, as they were bought.
    expect(same?.moves.map(({ to }) => to?.card)).toEqual([28, 29, 30, 31]);
    expect(outcome.promises).toMatchObject([{ reservationId: 'rsv_later', cards: 16, servers: [1] }]);
    expect(outcome).toMatchObject({ emptyAt: hoursAfter(5), sellableCards: 16, freeBefore: 112, freeAfter: 96 });
    // The plan is worked out on the state itself: everything is as it was.
    expect(mind.state.promises.get('rsv_later')?.shares).toEqual([{ server: 0, cards: 16 }]);
    expect(mind.planner.version).toBe(version);
    expect([...mind.state.bindings()]).toHaveLength(16);
    expect(mind.state.promises.has('drain')).toBe(false);
  });

  test('a promise that fits nowhere else is named, and holds up none that does', () => {
    const mind = smallPool(2);
    submit(
      mind,
      booking('rsv_full', { cards: 10, topology: 'same-server', startAt: hoursAfter(6), durationSeconds: 36_000 }),
    );
    submit(mind, booking('rsv_small', { cards: 6, topology: 'same-server', startAt: hoursAfter(6) }));
    submit(
      mind,
      booking('rsv_other', { cards: 10, topology: 'same-server', startAt: hoursAfter(6), durationSeconds: 36_000 }),
    );
    const outcome = drain(mind, serverCards(0), { startAt: hoursAfter(5), endAt: null });
    expect(outcome.promises.map(({ reservationId, servers }) => [reservationId, servers])).toEqual([
      ['rsv_full', null],
      ['rsv_small', [1]],
    ]);
    expect(refusalOf(planWindow(mind, { from: hoursAfter(5), to: null }))).toBe('promisesStuck');
    expect(mind.book.windows.size).toBe(0);
  });

  test('an open end never leaves by itself', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_open', { cards: 1, durationSeconds: null }));
    const outcome = drain(mind, serverCards(0), { startAt: hoursAfter(1), endAt: null });
    expect(outcome.emptyAt).toBeNull();
  });
});

describe('a planned window', () => {
  test('is respected: nothing is promised on its cards for its time and the half hour after', () => {
    const mind = smallPool(1);
    expect(planWindow(mind).answer.ok).toBe(true);
    const wish = (from: number, hours: number) =>
      refusalOf(
        submit(mind, booking(`rsv_${from}`, { cards: 16, startAt: hoursAfter(from), durationSeconds: hours * 3_600 })),
      );
    expect(wish(29, 2)).toBe('capacityExhausted');
    expect(wish(31, 1)).toBe('capacityExhausted');
    expect(wish(32, 1)).toBe('capacityExhausted');
    expect(wish(33, 1)).toBeUndefined();
    expect(wish(28, 2)).toBeUndefined();
    expect(freeInPool(mind.state, { startAt: hoursAfter(30), endAt: hoursAfter(31) })).toBe(0);
  });

  test('moves the promises of its time away, and refuses when the world has changed since it was shown', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_later', { cards: 16, topology: 'same-server', startAt: hoursAfter(31) }));
    const cardIds = serverCards(0).map((card) => `crd_${card}`);
    const payload = { windowId: 'mnt_a', cardIds, startAt: hoursAfter(30), endAt: hoursAfter(32), reason: 'fans' };
    const stale = { kind: 'planWindow', ...payload, handling: 'wait', expectedEffect: '' } as const;
    expect(refusalOf(submit(mind, stale))).toBe('drainPlanChanged');
    expect(planWindow(mind).answer.ok).toBe(true);
    expect(mind.state.promises.get('rsv_later')?.shares).toEqual([{ server: 1, cards: 16 }]);
  });

  test('tells holders a day and an hour ahead, and again when it is called off', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_run', { cards: 4, durationSeconds: 40 * 3_600 }));
    expect(eventsOf(planWindow(mind).changes)).toEqual([]);
    expect(eventsOf(runTo(mind, plusSeconds(hoursAfter(6), -1)))).toEqual([]);
    expect(eventsOf(runTo(mind, hoursAfter(6)))).toEqual(['maintenanceAhead rsv_run']);
    expect(eventsOf(runTo(mind, hoursAfter(29)))).toEqual(['maintenanceAhead rsv_run']);
    const off = submit(mind, { kind: 'endWindow', windowId: 'mnt_a' }, hoursAfter(29));
    expect(eventsOf(off.changes)).toEqual(['maintenanceCalledOff rsv_run']);
    expect(mind.book.windows.size).toBe(0);
    expect(freeInPool(mind.state, { startAt: hoursAfter(30), endAt: hoursAfter(31) })).toBe(28);
  });

  test('planned late, it tells at once', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_run', { cards: 4, durationSeconds: 40 * 3_600 }));
    expect(eventsOf(planWindow(mind, { from: hoursAfter(2), to: hoursAfter(3) }).changes)).toEqual([
      'maintenanceAhead rsv_run',
    ]);
  });

  test('keeps a holder from extending into it, and takes what is given back early', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_run', { cards: 16, durationSeconds: 29 * 3_600 }));
    planWindow(mind);
    const extend = { kind: 'extend', reservationId: 'rsv_run', seconds: 7_200, quotedUnits: '32000000000' } as const;
    expect(refusalOf(submit(mind, extend))).toBe('extensionBlocked');
    submit(mind, { kind: 'release', reservationId: 'rsv_run' }, hoursAfter(1));
    const interval = { startAt: hoursAfter(30), endAt: hoursAfter(31) };
    expect(gapsOn(mind.state, 0, { id: 'mnt_a', interval, cards: new Map([[0, interval]]) })).toEqual([interval]);
    expect(refusalOf(submit(mind, booking('rsv_no', { cards: 1, startAt: hoursAfter(30) }), hoursAfter(1)))).toBe(
      'capacityExhausted',
    );
  });

  test('of a part of a server takes its cards from now: a booking over two such windows finds none that is there in both', () => {
    const mind = smallPool(1);
    const [half, otherHalf] = [serverCards(0).slice(0, 8), serverCards(0).slice(8)];
    const wish = { cards: 8, startAt: hoursAfter(2), durationSeconds: 3 * 3_600 };
    planWindow(mind, { id: 'mnt_a', cards: half, from: hoursAfter(2), to: hoursAfter(3) });
    expect(submit(mind, booking('rsv_a', wish)).answer.ok).toBe(true);
    submit(mind, { kind: 'cancel', reservationId: 'rsv_a' });
    planWindow(mind, { id: 'mnt_b', cards: otherHalf, from: hoursAfter(4), to: hoursAfter(5) });
    expect(refusalOf(submit(mind, booking('rsv_b', wish)))).toBe('capacityExhausted');
  });

  test('has the cards of an open end from the second on which that comes to an end after all', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_open', { cards: 4, durationSeconds: null }));
    planWindow(mind);
    expect(mind.state.bindingsOf(0).map(({ promiseId }) => promiseId)).toEqual(['rsv_open']);
    const due = nextDue(mind);
    if (due?.kind !== 'renew') throw new Error('an hour is to be paid');
    mind.applyAll(decideDue(mind, due, new Map()));
    const kept = mind.state.bindingsOf(0).filter(({ promiseId }) => promiseId === 'mnt_a');
    expect(kept.map(({ interval }) => interval)).toEqual([
      blockedInterval({ startAt: hoursAfter(30), endAt: hoursAfter(32) }),
    ]);
  });

  test('does not overlap another of the same card, nor begin in the past, nor last too long', () => {
    const mind = smallPool(2);
    planWindow(mind);
    expect(refusalOf(planWindow(mind, { id: 'mnt_b', from: hoursAfter(32), to: hoursAfter(33) }))).toBe(
      'windowOverlaps',
    );
    expect(planWindow(mind, { id: 'mnt_b', from: hoursAfter(33), to: hoursAfter(34) }).answer.ok).toBe(true);
    expect(refusalOf(planWindow(mind, { id: 'mnt_c', from: hoursAfter(-1), to: hoursAfter(1) }))).toBe('windowInPast');
    expect(refusalOf(planWindow(mind, { id: 'mnt_c', to: hoursAfter(30 + 31 * 24) }))).toBe('windowTooLong');
    expect(
      refusalOf(planWindow(mind, { id: 'mnt_c', from: hoursAfter(0.5), to: hoursAfter(3), handling: 'move' })),
    ).toBe('noticeTooShort');
    expect(refusalOf(submit(mind, { kind: 'endWindow', windowId: 'mnt_none' }))).toBe('windowUnknown');
  });
});

describe('when its time comes', () => {
  test('empty cards go to maintenance and come back, and keep the promises made for after it', () => {
    const mind = smallPool(1);
    planWindow(mind);
    submit(mind, booking('rsv_after', { cards: 16, startAt: hoursAfter(33) }));
    runTo(mind, hoursAfter(30));
    expect(mind.book.cards.map(({ lifecycle }) => lifecycle)).toEqual(new Array(16).fill('maintenance'));
    expect(overcommittedServers(mind.state)).toEqual([]);
    runTo(mind, hoursAfter(32));
    expect(mind.book.cards.map(({ lifecycle }) => lifecycle)).toEqual(new Array(16).fill('in_service'));
    expect(mind.book.windows.size).toBe(0);
    runTo(mind, hoursAfter(33));
    expect(cardsOf(mind, 'rsv_after')).toEqual(serverCards(0));
  });

  test('holders that wait keep their cards, which are taken on the second on which their time ends', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_run', { cards: 4, durationSeconds: 31 * 3_600 }));
    planWindow(mind);
    runTo(mind, hoursAfter(30));
    expect(mind.book.cards.slice(0, 5).map(({ lifecycle }) => lifecycle)).toEqual([
      ...new Array(4).fill('draining'),
      'maintenance',
    ]);
    expect(cardsOf(mind, 'rsv_run')).toEqual([0, 1, 2, 3]);
    runTo(mind, hoursAfter(31));
    expect(mind.book.cards[0]?.lifecycle).toBe('maintenance');
    expect(windowOf(mind)?.retryAt).toBeNull();
  });

  test('a card that is given back early is taken within ten minutes, and is not for sale meanwhile', () => {
    const mind = smallPool(1);
    submit(mind, booking('rsv_open', { cards: 4, durationSeconds: null }));
    planWindow(mind, { from: hoursAfter(1), to: hoursAfter(5) });
    runTo(mind, hoursAfter(1));
    const at = plusSeconds(hoursAfter(1), 61);
    submit(mind, { kind: 'release', reservationId: 'rsv_open' }, at);
    expect(refusalOf(submit(mind, booking('rsv_b', { cards: 1 }), at))).toBe('capacityExhausted');
    runTo(mind, plusSeconds(hoursAfter(1), 600));
    expect(mind.book.cards[0]?.lifecycle).toBe('maintenance');
  });

  test('a card that nobody gave back was missed, and is in service again', () => {
    const mind = smallPool(2);
    submit(mind, booking('rsv_run', { cards: 4, durationSeconds: 60 * 3_600 }));
    planWindow(mind);
    const last = runTo(mind, hoursAfter(32)).findLast((change) => change.kind === 'windowChanged');
    expect(last?.window.cards.get(0)).toBe('missed');
    expect(last?.window.cards.get(5)).toBe('returned');
    expect(mind.book.cards[0]?.lifecycle).toBe('in_service');
    expect(cardsOf(mind, 'rsv_run')).toEqual([0, 1, 2, 3]);
  });

  test('a card whose device does not work stays in maintenance, and promises on it move', () => {
    const mind = smallPool(2);
    planWindow(mind);
    submit(mind, booking('rsv_after', { cards: 16, topology: 'same-server', startAt: hoursAfter(33) }));
    expect(mind.state.promises.get('rsv_after')?.shares).toEqual([{ server: 0, cards: 16 }]);
    runTo(mind, hoursAfter(30));
    const down = {
      cardId: 'crd_3',
      health: 'unknown',
      takesNewWork: false,
      isRefused: false,
      at: hoursAfter(31),
      reason: 'off',
    };
    mind.applyAll(decideHealth(mind, down as never, hoursAfter(31)));
    expect(mind.state.promises.get('rsv_after')?.shares).toEqual([{ server: 0, cards: 16 }]);
    const last = runTo(mind, hoursAfter(32)).findLast((change) => change.kind === 'windowChanged');
    expect(last?.window.cards.get(3)).toBe('left');
    expect(mind.book.cards[3]?.lifecycle).toBe('maintenance');
    expect(mind.state.promises.get('rsv_after')?.shares).toEqual([{ server: 1, cards: 16 }]);
  });

  test('a card that people had taken out stays as it was', () => {
    const mind = smallPool(1);
    const cordon: CommandPayload = { kind: 'cardAct', act: 'cordon', cardIds: ['crd_2'], reason: 'loud' };
    mind.applyAll(decide(mind, commandOf(cordon, null), RICH, T0).changes);
    planWindow(mind);
    runTo(mind, hoursAfter(30));
    expect(windowOf(mind)?.cards.get(2)).toBe('skipped');
    runTo(mind, hoursAfter(32));
    expect(mind.book.cards[2]?.lifecycle).toBe('cordoned');
  });

  test('an open end lasts until somebody ends it', () => {
    const mind = smallPool(1);
    planWindow(mind, { from: null, to: null });
    runTo(mind, hoursAfter(500));
    expect(mind.book.cards[0]?.lifecycle).toBe('maintenance');
    expect(submit(mind, { kind: 'endWindow', windowId: 'mnt_a' }, hoursAfter(500)).answer.ok).toBe(true);
    expect(mind.book.cards[0]?.lifecycle).toBe('in_service');
    expect(submit(mind, booking('rsv_a', { cards: 16 }), hoursAfter(500)).answer.ok).toBe(true);
  });
});

test('every change of a window is taken back exactly', () => {
  const mind = smallPool(2);
  submit(mind, booking('rsv_run', { cards: 4, durationSeconds: 40 * 3_600 }));
  submit(mind, booking('rsv_later', { cards: 16, topology: 'same-server', startAt: hoursAfter(31) }));
  const look = () =>
    JSON.stringify([
      [...mind.state.promises.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      [...mind.state.bindings()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      [...mind.state.isUsable],
      mind.book.cards,
      [...mind.book.windows.values()].map((window) => [window, [...window.cards]]),
    ]);
  const states = [look()];
  const undos: (() => void)[] = [];
  const step = (changes: readonly Change[]): void => {
    undos.push(mind.applyAll(changes));
    states.push(look());
  };
  const cardIds = serverCards(0).map((card) => `crd_${card}`);
  const expectedEffect = effectOf(drain(mind, serverCards(0), { startAt: hoursAfter(30), endAt: hoursAfter(32) }));
  const payload = { windowId: 'mnt_a', cardIds, startAt: hoursAfter(30), endAt: hoursAfter(32), reason: 'fans' };
  const command = commandOf({ kind: 'planWindow', ...payload, handling: 'move', expectedEffect }, null);
  step(decide(mind, command, RICH, T0).changes);
  for (let due = nextDue(mind); due && due.at <= hoursAfter(40); due = nextDue(mind)) step(decideDue(mind, due, RICH));
  expect(states.length).toBeGreaterThan(8);
  for (const undo of undos.reverse()) {
    states.pop();
    undo();
    expect(look()).toBe(states.at(-1));
  }
});

describe('spares', () => {
  const unwell = (card: number, at: Instant) => ({
    cardId: `crd_${card}`,
    health: 'unhealthy' as const,
    takesNewWork: false,
    isRefused: false,
    at,
    reason: 'lost',
  });
  /** Two pods of four servers; the last two cards of each supernode's last server are spares. */
  const pool = () => smallPool(8, 16, (card) => card % 64 >= 62);

  test('are never sold, and a pool that is sold out still has replacements, the nearest first', () => {
    const mind = pool();
    expect(freeInPool(mind.state, { startAt: T0, endAt: hoursAfter(1) })).toBe(124);
    submit(mind, booking('rsv_all', { cards: 124, durationSeconds: 7_200 }));
    expect(refusalOf(submit(mind, booking('rsv_more', { cards: 1 })))).toBe('capacityExhausted');
    for (const card of [0, 1, 70]) mind.applyAll(decideHealth(mind, unwell(card, T0), T0));
    runTo(mind, plusSeconds(T0, 30));
    const held = cardsOf(mind, 'rsv_all');
    expect(held).toHaveLength(124);
    expect([62, 63, 126].every((card) => held.includes(card))).toBe(true);
    expect(mind.book.reservations.get('rsv_all' as never)?.lost).toEqual([]);
    runTo(mind, hoursAfter(2));
    expect(refusalOf(submit(mind, booking('rsv_after', { cards: 122 }), hoursAfter(2)))).toBe('capacityExhausted');
  });

  test('keep to the topology that was bought, and a spare that is itself down stands in for nobody', () => {
    const mind = pool();
    submit(mind, booking('rsv_near', { cards: 62, topology: 'same-supernode', durationSeconds: 7_200 }));
    mind.applyAll(decideHealth(mind, unwell(62, T0), T0));
    for (const card of cardsOf(mind, 'rsv_near').slice(0, 2)) mind.applyAll(decideHealth(mind, unwell(card, T0), T0));
    runTo(mind, plusSeconds(T0, 30));
    expect(cardsOf(mind, 'rsv_near')).toContain(63);
    // The second of two that failed at once waits, and does not hold up the first.
    expect(mind.book.reservations.get('rsv_near' as never)?.lost).toHaveLength(1);
    expect(cardsOf(mind, 'rsv_near')).toHaveLength(61);
  });

  test('are not for sale after a window either', () => {
    const mind = pool();
    planWindow(mind, { cards: [61, 62, 63] });
    runTo(mind, hoursAfter(30));
    const wish = { cards: 64, topology: 'same-supernode', startAt: hoursAfter(33) } as const;
    submit(mind, booking('rsv_a', wish), hoursAfter(30));
    expect(mind.book.reservations.size).toBe(0);
  });

  test('a card that is for sale stands in before a spare as near', () => {
    const mind = pool();
    submit(mind, booking('rsv_a', { cards: 8, topology: 'same-supernode' }));
    expect(cardsOf(mind, 'rsv_a')[0]).toBe(48);
    mind.applyAll(decideHealth(mind, unwell(48, T0), T0));
    runTo(mind, plusSeconds(T0, 30));
    expect(cardsOf(mind, 'rsv_a')).toEqual([49, 50, 51, 52, 53, 54, 55, 56]);
  });
});

describe('healing', () => {
  const cordon = (mind: Mind, cards: readonly number[], at = T0): Change[] => {
    const cardIds = cards.map((card) => `crd_${card}`);
    const { changes } = decide(
      mind,
      commandOf({ kind: 'cardAct', act: 'cordon', cardIds, reason: 'x' }, null),
      RICH,
      at,
    );
    mind.applyAll(changes);
    return [...changes];
  };
  const round = (mind: Mind, at: Instant) =>
    decideRound(mind, { reports: [], commands: [], wallets: RICH, now: at }).changes.filter(
      ({ kind }) => kind === 'replanned',
    );

  test('promises of the next day move at once, later ones a few in each round', () => {
    const mind = smallPool(4);
    const book = (id: string, hours: number) =>
      submit(mind, booking(id, { cards: 16, topology: 'same-server', startAt: hoursAfter(hours) }));
    book('rsv_soon', 20);
    for (let i = 0; i < 10; i += 1) book(`rsv_late_${i}`, 30 + i * 2);
    const moved = cordon(mind, serverCards(0)).flatMap((change) => (change.kind === 'replanned' ? [change.id] : []));
    expect(moved).toEqual(['rsv_soon']);
    expect(round(mind, T0)).toHaveLength(8);
    expect(round(mind, T0)).toHaveLength(2);
    expect(round(mind, T0)).toHaveLength(0);
    expect(overcommittedServers(mind.state)).toEqual([]);
  });

  test('a promise that fits nowhere keeps its place and holds up none that does', () => {
    const mind = smallPool(2);
    const wish = { topology: 'same-server', startAt: hoursAfter(5) } as const;
    submit(mind, booking('rsv_a', { ...wish, cards: 9 }));
    submit(mind, booking('rsv_b', { ...wish, cards: 6 }));
    submit(mind, booking('rsv_c', { ...wish, cards: 8 }));
    cordon(mind, serverCards(0));
    expect(mind.state.promises.get('rsv_a')?.shares).toEqual([{ server: 0, cards: 9 }]);
    expect(mind.state.promises.get('rsv_b')?.shares).toEqual([{ server: 1, cards: 6 }]);
  });
});
