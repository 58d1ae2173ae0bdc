import { expect, test, vi } from 'vitest';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import type { RoomQuestion } from '#lib/reservations/explanation.ts';
import { explainRoom } from './explanation.ts';
import { PoolState } from './pool-state.ts';
import { thoseFree } from './free.ts';
import { levelsOf, mostCards } from './room-levels.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (hours: number): Instant => instant(T0 + hours * HOUR_MS);

/** Four servers of four cards, two to a supernode. */
function pool(): PoolState {
  const state = new PoolState({
    servers: [0, 0, 1, 1].map((supernode) => ({ supernode, pod: 0 })),
    cardServers: Array.from({ length: 16 }, (_, card) => Math.floor(card / 4)),
  });
  state.advanceTo(T0);
  return state;
}

function ask(cards: number, more: Partial<RoomQuestion> = {}): RoomQuestion {
  return {
    candidate: { id: 'asked', cards, topology: 'any', interval: { startAt: at(0), endAt: at(8) } },
    bindsBefore: at(0),
    shorterSeconds: [1, 2, 3, 4, 5, 6, 7].map((hours) => hours * 3_600),
    away: { maintenance: [], repair: [] },
    earliestStartAt: null,
    ...more,
  };
}

test('levels count what lies together', () => {
  const levels = levelsOf(pool(), thoseFree([4, 3, 4, 4]));
  expect(levels).toEqual({
    together: 15,
    largestOnServer: 4,
    largestOnSupernode: 8,
    idleServers: 3,
    idleSupernodes: 1,
    inSegments: null,
  });
  expect(
    (['any', 'same-server', 'same-supernode', 'whole-servers'] as const).map((t) => mostCards(pool(), levels, t)),
  ).toEqual([15, 4, 8, 12]);
});

test('a start that the plan names is proven before it is given, and the plan is asked a few times only', () => {
  const state = pool();
  state.addPromise({
    id: 'long',
    cards: 4,
    topology: 'any',
    interval: { startAt: at(2), endAt: at(30) },
    shares: [{ server: 0, cards: 4 }],
    isBound: false,
  });
  const wrong = vi.fn(({ interval }: RoomQuestion['candidate']) => instant(interval.startAt + HOUR_MS));
  expect(explainRoom(state, ask(14, { earliestStartAt: at(3) }), wrong).earliestStartAt).toBeNull();
  expect(wrong).toHaveBeenCalledTimes(3);
  const right = vi.fn(() => at(30));
  expect(explainRoom(state, ask(14, { earliestStartAt: at(3) }), right).earliestStartAt).toBe(at(30));
  expect(right).toHaveBeenCalledTimes(1);
});

test('once cards need not be bound at once, a start may be sooner than anything ends', () => {
  const state = pool();
  // Two bindings that follow one another on different cards: at no moment are both taken, but each is for a while.
  for (let card = 0; card < 12; card += 1)
    state.bind([{ id: `x${card}`, promiseId: 'x', card, interval: { startAt: at(0), endAt: at(20) } }]);
  state.bind([{ id: 'b', promiseId: 'y', card: 12, interval: { startAt: at(0), endAt: at(4) } }]);
  state.bind([{ id: 'c', promiseId: 'z', card: 13, interval: { startAt: at(4), endAt: at(9) } }]);
  const found = explainRoom(state, ask(3), () => null);
  expect(found.free?.cards).toBe(3);
  expect(found.holding).toContain('fragmentedAcrossServers');
  expect(found.earliestStartAt).toBe(at(1));
  // Until the second begins, three cards stay free throughout.
  expect(found.sooner).toContainEqual({ change: 'shorter', value: 4 * 3_600, startAt: at(0) });
});

test('explaining leaves the state as it was', () => {
  const state = pool();
  state.setUsable(3, false);
  const before = [...state.isUsable, ...state.serverUsable].join();
  expect(explainRoom(state, ask(16, { away: { maintenance: [], repair: [3] } }), () => null).holding).toEqual([
    'capacityExhausted',
    'waitingForRepair',
  ]);
  expect([...state.isUsable, ...state.serverUsable].join()).toBe(before);
});
