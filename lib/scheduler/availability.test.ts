import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { availabilityOf } from './availability.ts';
import { PoolState } from './pool-state.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (hours: number) => instant(T0 + hours * HOUR_MS);

function setup(): PoolState {
  // Two supernodes of two servers of four cards.
  return new PoolState({
    servers: [0, 0, 1, 1].map((supernode) => ({ supernode, pod: 0 })),
    cardServers: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3],
  });
}

test('an empty pool is free in every class', () => {
  const table = availabilityOf(setup(), T0, 2);
  expect(table).toMatchObject({
    freeCards: [16, 16],
    freeServers: [4, 4],
    freeSupernodes: [2, 2],
    largestOnServer: [4, 4],
    largestOnSupernode: [8, 8],
  });
});

test('what touches an hour counts for all of it, tentative or bound, and lost cards are not free', () => {
  const state = setup();
  state.bind([{ id: 'a', promiseId: 'r', card: 0, interval: { startAt: T0, endAt: instant(at(1) + 1) } }]);
  state.addPromise({
    id: 'p',
    cards: 4,
    topology: 'any',
    interval: { startAt: at(2), endAt: null },
    shares: [{ server: 2, cards: 4 }],
    isBound: false,
  });
  state.setUsable(4, false);
  const table = availabilityOf(state, instant(T0 + 5_000), 4);
  expect(table.freeCards).toEqual([14, 14, 11, 11]);
  expect(table.freeServers).toEqual([2, 2, 2, 2]);
  expect(table.freeSupernodes).toEqual([1, 1, 0, 0]);
  expect(table.largestOnSupernode).toEqual([8, 8, 7, 7]);
});
