import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { decideHealth } from '#lib/reservations/pool-cards.ts';
import { commandPayload } from '#lib/reservations/command-types.ts';
import type { Mind } from './mind.ts';
import { booking, smallPool, T0 } from './testing.ts';
import { eventsTo, refusalOf, submit } from './testing-decisions.ts';

// Supernodes of 4 servers of 16 cards.

const hoursAfter = (hours: number) => instant(T0 + hours * HOUR_MS);
const cardsOf = (mind: Mind, id: string): number[] => mind.book.bindingsOf(id as never).map(({ card }) => card);
const perServer = (mind: Mind, id: string): number[] =>
  [...Map.groupBy(cardsOf(mind, id), (card) => card >> 4).values()].map((own) => own.length).sort((a, b) => a - b);
const supernodes = (mind: Mind, id: string): number => new Set(cardsOf(mind, id).map((card) => card >> 6)).size;

const SEGMENTS = { cards: 32, topology: 'same-server', gang: { segmentCards: 8, preferred: null } } as const;

describe('segments', () => {
  test('are bound each on one server, while the gang spreads', () => {
    const mind = smallPool(4);
    for (const id of ['rsv_x', 'rsv_y', 'rsv_z']) submit(mind, booking(id, { cards: 9, topology: 'same-server' }));
    const sixes = { topology: 'same-server', gang: { segmentCards: 6, preferred: null } } as const;
    expect(refusalOf(submit(mind, booking('rsv_a', { ...sixes, cards: 36 })))).toBe('placementImpossible');
    expect(refusalOf(submit(mind, booking('rsv_b', { ...sixes, cards: 30 })))).toBeUndefined();
    expect(perServer(mind, 'rsv_b')).toEqual([6, 6, 6, 12]);
  });

  test('say why they find no room, and what would do', () => {
    const mind = smallPool(2);
    for (const id of ['rsv_x', 'rsv_y']) submit(mind, booking(id, { cards: 9, topology: 'same-server' }));
    const wish = { cards: 8, topology: 'same-server', gang: { segmentCards: 4, preferred: null } } as const;
    const decided = submit(mind, booking('rsv_a', { ...wish, cards: 12 }));
    const { explained } = decided;
    expect(refusalOf(decided)).toBe('placementImpossible');
    expect(explained?.explanation.token).toBe('fragmentedAcrossServers');
    expect(explained?.explanation.sooner).toContainEqual({
      change: 'looserTopology',
      value: 'same-supernode',
      startAt: T0,
    });
    expect(explained?.explanation.sooner).toContainEqual({ change: 'fewerCards', value: 8, startAt: T0 });
    expect(refusalOf(submit(mind, booking('rsv_b', wish)))).toBeUndefined();
  });

  test('a failed card is replaced on the server of its segment, and none is taken elsewhere', () => {
    const mind = smallPool(3);
    submit(mind, booking('rsv_x', { cards: 16, topology: 'whole-servers', durationSeconds: 50 * 3_600 }));
    submit(mind, booking('rsv_a', { ...SEGMENTS, cards: 16, durationSeconds: 50 * 3_600 }));
    const [card = 0] = cardsOf(mind, 'rsv_a');
    const lost = {
      cardId: `crd_${card}`,
      health: 'unhealthy',
      takesNewWork: false,
      isRefused: false,
      at: T0,
      reason: '',
    } as const;
    mind.applyAll(decideHealth(mind, lost, T0));
    eventsTo(mind, instant(T0 + 120_000));
    expect(cardsOf(mind, 'rsv_a')).not.toContain(card);
    for (const cards of perServer(mind, 'rsv_a')) expect(cards).toBeLessThanOrEqual(16);
    expect(new Set(cardsOf(mind, 'rsv_a').map((each) => each >> 4)).size).toBe(1);
  });

  test('stay whole when one with a failed card is given back', () => {
    const mind = smallPool(4);
    for (const id of ['rsv_x', 'rsv_y', 'rsv_z', 'rsv_w'])
      submit(mind, booking(id, { cards: 9, topology: 'same-server' }));
    submit(mind, booking('rsv_a', { cards: 14, topology: 'same-server', gang: { segmentCards: 7, preferred: null } }));
    const [card = 0] = cardsOf(mind, 'rsv_a');
    const lost = {
      cardId: `crd_${card}`,
      health: 'unhealthy',
      takesNewWork: false,
      isRefused: false,
      at: T0,
      reason: '',
    } as const;
    mind.applyAll(decideHealth(mind, lost, T0));
    submit(mind, { kind: 'shrink', reservationId: 'rsv_a', cards: 7, cardIds: [] });
    expect(perServer(mind, 'rsv_a')).toEqual([7]);
    expect(cardsOf(mind, 'rsv_a')).not.toContain(card);
  });

  test('are given back whole', () => {
    const mind = smallPool(4);
    submit(mind, booking('rsv_a', { ...SEGMENTS, startAt: hoursAfter(3) }));
    const back = (cards: number, at = T0) =>
      refusalOf(submit(mind, { kind: 'shrink', reservationId: 'rsv_a', cards, cardIds: [] }, at));
    expect(back(4)).toBe('notWholeSegments');
    expect(back(8)).toBeUndefined();
    eventsTo(mind, hoursAfter(3));
    expect(back(8, hoursAfter(3))).toBeUndefined();
    for (const cards of perServer(mind, 'rsv_a')) expect(cards % 8).toBe(0);
  });
});

describe('a preferred supernode', () => {
  const wish = { cards: 40, topology: 'any', gang: { segmentCards: null, preferred: 'supernode' } } as const;

  test('is had where there is room, and the gang is booked where there is none', () => {
    const mind = smallPool(8);
    for (const id of ['rsv_x', 'rsv_y']) submit(mind, booking(id, { cards: 33, topology: 'same-supernode' }));
    submit(mind, booking('rsv_a', { ...wish, cards: 30 }));
    expect(supernodes(mind, 'rsv_a')).toBe(1);
    submit(mind, booking('rsv_b', { ...wish, cards: 32 }));
    expect(cardsOf(mind, 'rsv_b')).toHaveLength(32);
    expect(supernodes(mind, 'rsv_b')).toBe(2);
  });
});

test('a command that was written before gangs is still read', () => {
  const { gang: _, ...old } = { gang: undefined, ...booking('rsv_a', { cards: 2 }) };
  expect(commandPayload.parse(JSON.parse(JSON.stringify(old)))).toEqual(old);
});
