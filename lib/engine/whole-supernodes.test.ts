import { expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import type { Mind } from './mind.ts';
import { booking, smallPool, T0 } from './testing.ts';
import { bookedOf, eventsTo, refusalOf, submit } from './testing-decisions.ts';

// Supernodes of 4 servers of 16 cards.

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);
const OWN = { cards: 64, topology: 'whole-supernodes' } as const;

const cardsOf = (mind: Mind, id: string): number[] => mind.book.bindingsOf(id as never).map(({ card }) => card);
const supernodesOf = (mind: Mind, id: string): number[] => [
  ...new Set(cardsOf(mind, id).map((card) => mind.state.serverSupernode[mind.state.cardServer[card] ?? 0] ?? -1)),
];
const serversPlanned = (mind: Mind, id: string): number[] =>
  (mind.state.promises.get(id)?.shares ?? []).map(({ server }) => server);

function fail(mind: Mind, card: number): void {
  const dead = { health: 'unhealthy', takesNewWork: false, isRefused: false, at: T0, reason: 'lost' } as const;
  mind.applyAll(decideHealth(mind, { cardId: `crd_${card}`, ...dead }, T0));
}

test('a gang gets supernodes of its own, and only those of which nothing is taken', () => {
  const mind = smallPool(12);
  submit(mind, booking('rsv_small', { cards: 1 }));
  expect(refusalOf(submit(mind, booking('rsv_a', { ...OWN, cards: 128 })))).toBeUndefined();
  expect(supernodesOf(mind, 'rsv_a')).toEqual([1, 2]);
  expect(cardsOf(mind, 'rsv_a')).toHaveLength(128);
  expect(refusalOf(submit(mind, booking('rsv_b', OWN)))).toBe('capacityExhausted');
});

test('a supernode with a card that takes no new work, or a smaller one, is not sold whole', () => {
  const mind = smallPool(9);
  fail(mind, 5);
  expect(refusalOf(submit(mind, booking('rsv_a', { ...OWN, cards: 128 })))).toBe('placementImpossible');
  submit(mind, booking('rsv_a', OWN));
  expect(supernodesOf(mind, 'rsv_a')).toEqual([1]);
  expect(refusalOf(submit(mind, booking('rsv_b', OWN)))).toBe('placementImpossible');
});

test('promises without cards yet move out of the way, and the earliest start is when a supernode is wholly free', () => {
  const mind = smallPool(8);
  for (const [id, hours] of [
    ['rsv_a', 2],
    ['rsv_b', 9],
  ] as const)
    submit(mind, booking(id, { cards: 64, topology: 'whole-supernodes', durationSeconds: hours * 3_600 }));
  const later = { startAt: hoursAfter(20), durationSeconds: 3_600 };
  // Laid apart by hand, one on each supernode.
  for (const [id, server] of [
    ['rsv_c', 0],
    ['rsv_d', 4],
  ] as const) {
    submit(mind, booking(id, { cards: 2, ...later }));
    const promise = mind.state.promises.get(id);
    if (promise) mind.state.changePromise({ ...promise, shares: [{ server, cards: 2 }] });
  }
  expect(refusalOf(submit(mind, booking('rsv_e', { ...OWN, ...later })))).toBeUndefined();
  expect(new Set(serversPlanned(mind, 'rsv_e').map((server) => server >> 2)).size).toBe(1);
  const { answer } = submit(mind, booking('rsv_f', OWN));
  expect(answer).toMatchObject({ ok: false, refusal: { code: 'capacityExhausted', earliestStartAt: hoursAfter(2) } });
  eventsTo(mind, hoursAfter(20));
  expect(cardsOf(mind, 'rsv_e')).toHaveLength(64);
  expect(supernodesOf(mind, 'rsv_e')).toHaveLength(1);
});

test('a failed card is replaced by the spare of its supernode before any other', () => {
  // The last card of the second supernode is a spare, so that only the first is sold whole.
  const mind = smallPool(8, 16, (card) => card === 60 || card === 127);
  submit(mind, booking('rsv_any', { cards: 1, startAt: hoursAfter(30) }));
  expect(refusalOf(submit(mind, booking('rsv_a', OWN)))).toBe('placementImpossible');
  const whole = smallPool(12, 16, (card) => card === 127);
  submit(whole, booking('rsv_a', { ...OWN, durationSeconds: 10 * 3_600 }));
  expect(supernodesOf(whole, 'rsv_a')).toEqual([0]);
  fail(whole, 5);
  eventsTo(whole, plusSeconds(T0, 120));
  expect(cardsOf(whole, 'rsv_a')).toHaveLength(64);
  expect(supernodesOf(whole, 'rsv_a')).toHaveLength(2);
});

test('supernodes are given back whole, before their start and while they run', () => {
  const mind = smallPool(12);
  const back = (cards: number, at = T0, cardIds: string[] = []) =>
    refusalOf(submit(mind, { kind: 'shrink', reservationId: 'rsv_a', cards, cardIds }, at));
  submit(mind, booking('rsv_a', { ...OWN, cards: 192, startAt: hoursAfter(3), durationSeconds: 5 * 3_600 }));
  expect(back(16)).toBe('notWholeSupernodes');
  expect(back(64)).toBeUndefined();
  expect(serversPlanned(mind, 'rsv_a')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  eventsTo(mind, hoursAfter(3));
  const mixed = Array.from({ length: 64 }, (_, i) => `crd_${i + 16}`);
  expect(back(64, hoursAfter(3), mixed)).toBe('notWholeSupernodes');
  fail(mind, 3);
  expect(back(64, hoursAfter(3))).toBeUndefined();
  expect(supernodesOf(mind, 'rsv_a')).toEqual([1]);
  expect(bookedOf(mind, 'rsv_a')).toMatchObject({ cards: 64, lost: [] });
});
