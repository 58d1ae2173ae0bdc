import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overcommittedServers } from './bind.ts';
import { freeOnServer, unboundCards } from './free.ts';
import { movesOff, planFor } from './plan.ts';
import type { PoolState } from './pool-state.ts';
import { at, request, SIZE, SUPERNODE_SIZE, smallPool, take, taken } from './testing-pool.ts';
import type { PlannedPromise } from './types.ts';

/** Everything that is planned and bound, and what is quickly known of it, as text. */
function snapshot(state: PoolState): string {
  const { freeCards, idleServers, partlyTaken } = state.index.curves;
  return JSON.stringify([
    [...state.promises.values()],
    [...state.bindings()],
    [...state.serverSize.keys()].map((server) =>
      [...state.tentativeSpansOf(server)].sort((a, b) => (a.promiseId < b.promiseId ? -1 : 1)),
    ),
    [freeCards, idleServers, partlyTaken].map((row) => [...row.subarray(0, 200)]),
  ]);
}

test('a plan for one more leaves the state as it was, and keeps every promise when it is adopted', () => {
  let moves = 0;
  fc.assert(
    fc.property(fc.array(taken, { minLength: 20, maxLength: 60 }), request, fc.boolean(), (all, wish, toBind) => {
      const state = smallPool();
      all.forEach((each, index) => {
        const isFirst = each.act === 'usable' && index < 3;
        if (isFirst || freeOnServer(state, each.server, each.interval, true) >= each.cards) take(state, each, index);
      });
      if (overcommittedServers(state).length > 0) return;
      const candidate: PlannedPromise = { ...wish, id: 'new', shares: [], isBound: false };
      const before = snapshot(state);
      const plan = planFor(state, candidate, toBind);
      expect(snapshot(state)).toBe(before);
      if (!plan) return;
      for (const moved of plan.moved) {
        expect(moved.cards).toBe(moved.shares.reduce((sum, { cards }) => sum + cards, 0));
        state.changePromise(moved);
      }
      state.addPromise({ ...candidate, shares: plan.shares });
      if (plan.moved.length > 0) moves += 1;
      expect(overcommittedServers(state)).toEqual([]);
      for (const { server, cards } of toBind ? plan.shares : [])
        expect(unboundCards(state, server, wish.interval).length).toBeGreaterThanOrEqual(cards);
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(moves).toBeGreaterThan(10);
});

const HOURS = { startAt: at(0), endAt: at(16) } as const;
const promise = (id: string, server: number, cards: number): PlannedPromise => ({
  id,
  cards,
  topology: 'any',
  interval: HOURS,
  shares: [{ server, cards }],
  isBound: false,
});

test('only what stands in the way moves', () => {
  const state = smallPool();
  for (let server = 0; server < 8; server += 1) state.addPromise(promise(`p${server}`, server, server === 5 ? 1 : 2));
  const wish = { ...promise('new', 0, SIZE), topology: 'same-server', shares: [] } as const;
  const plan = planFor(state, wish, false);
  expect(plan?.shares).toEqual([{ server: 5, cards: SIZE }]);
  expect(plan?.moved.map(({ id }) => id)).toEqual(['p5']);
});

test('a pool of more promises than are ever placed anew still makes room, by moving a few', () => {
  const state = smallPool();
  // On other days, so that they are in nobody's way.
  for (let n = 0; n < 150; n += 1) {
    const interval = { startAt: at(100 + n * 4), endAt: at(104 + n * 4) };
    state.addPromise({ ...promise(`later${n}`, n % 8, 1), interval });
  }
  for (let server = 0; server < 8; server += 1) state.addPromise(promise(`p${server}`, server, 1));
  const wish = { ...promise('new', 0, 2 * SIZE), topology: 'whole-servers', shares: [] } as const;
  const plan = planFor(state, wish, false);
  expect(plan?.shares).toHaveLength(2);
  expect(plan?.moved).toHaveLength(2);
  const supernode = planFor(state, { ...promise('own', 0, SUPERNODE_SIZE), topology: 'whole-supernodes' }, false);
  expect(supernode?.shares.map(({ server }) => server)).toEqual([0, 1, 2]);
  expect(supernode?.moved.map(({ id }) => id).sort()).toEqual(['p0', 'p1', 'p2']);
});

test('promises move off a server whose cards are lost, and those that fit stay', () => {
  const state = smallPool();
  state.addPromise(promise('small', 0, 1));
  state.addPromise(promise('large', 0, 3));
  state.setUsable(0, false);
  expect(movesOff(state, [0])?.map(({ id }) => id)).toEqual(['small']);
  for (const card of [1, 2, 3]) state.setUsable(card, false);
  expect(movesOff(state, [0])?.map(({ id }) => id)).toEqual(['small', 'large']);
});
