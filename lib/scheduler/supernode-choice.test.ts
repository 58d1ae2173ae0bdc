import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { readingOf } from './hour-window.ts';
import { place } from './place.ts';
import { PoolState } from './pool-state.ts';
import { SupernodeChoice, strandedGrowth } from './supernode-choice.ts';

const T0 = instant(Date.UTC(2026, 10, 1));
const at = (hours: number) => instant(T0 + hours * HOUR_MS);

/** Supernodes of eight servers of two cards. */
function pool(supernodes: number): PoolState {
  const servers = supernodes * 8;
  const state = new PoolState({
    servers: Array.from({ length: servers }, (_, server) => ({ supernode: server >> 3, pod: 0 })),
    cardServers: Array.from({ length: servers * 2 }, (_, card) => card >> 1),
  });
  state.advanceTo(T0);
  return state;
}

function fill(state: PoolState, servers: readonly number[], from: number, to: number): void {
  const shares = servers.map((server) => ({ server, cards: 2 }));
  const id = `f${state.promises.size}`;
  const interval = { startAt: at(from), endAt: at(to) };
  state.addPromise({ id, cards: 2 * shares.length, topology: 'any', interval, shares, isBound: false });
}

test('breaking an idle supernode costs most; what fills one up or leaves a round number costs less', () => {
  const growth = strandedGrowth(8);
  const cost = (idle: number): number => growth[1]?.[idle] ?? 0;
  for (const idle of [1, 2, 3, 4, 5, 6, 7]) expect(cost(idle)).toBeLessThan(cost(8));
  expect(cost(1)).toBeLessThan(0);
  expect(cost(5)).toBeLessThan(cost(4));
  expect(growth[8]?.[8]).toBe(0);
});

test('hours count one by one: a supernode that is broken for longer anyway is taken from first', () => {
  const state = pool(2);
  fill(state, [0], 0, 2);
  fill(state, [8], 4, 20);
  const interval = { startAt: at(0), endAt: at(20) };
  expect(place(state, { cards: 4, topology: 'whole-servers', interval }, false)?.[0]?.server).toBe(9);
  expect(place(state, { cards: 4, topology: 'same-supernode', interval }, false)?.[0]?.server).toBe(9);
  expect(place(state, { cards: 2, topology: 'same-server', interval }, false)?.[0]?.server).toBe(9);
});

test('a long time is looked at all over, not at its beginning alone', () => {
  const state = pool(2);
  fill(state, [0], 0, 4);
  fill(state, [8], 30, 70);
  const interval = { startAt: at(0), endAt: at(72) };
  expect(place(state, { cards: 4, topology: 'whole-servers', interval }, false)?.[0]?.server).toBe(9);
});

test('the choice is the least of all that suffice: growth, then idle servers, then ordinal', () => {
  const busy = fc.record({ server: fc.nat(23), from: fc.nat(6), hours: fc.integer({ min: 1, max: 6 }) });
  fc.assert(
    fc.property(fc.array(busy, { maxLength: 20 }), fc.integer({ min: 1, max: 8 }), (all, needed) => {
      const state = pool(3);
      for (const { server, from, hours } of all) fill(state, [server], from, from + hours);
      const reading = readingOf(state.index.hours({ startAt: at(0), endAt: at(8) }));
      const idleAt = (supernode: number, hour: number): number =>
        (state.supernodeServers[supernode] ?? []).filter((server) =>
          all.every((each) => each.server !== server || hour < each.from || hour >= each.from + each.hours),
        ).length;
      const counts = [0, 1, 2].map(
        (supernode) =>
          (state.supernodeServers[supernode] ?? []).filter((server) =>
            all.every(({ server: own, from }) => own !== server || from >= 8),
          ).length,
      );
      const growth = strandedGrowth(8);
      const ranked = [0, 1, 2]
        .filter((supernode) => (counts[supernode] ?? 0) >= needed)
        .map((supernode) => ({
          supernode,
          sum: [0, 1, 2, 3, 4, 5, 6, 7].reduce(
            (sum, hour) => sum + (growth[needed]?.[idleAt(supernode, hour)] ?? 0),
            0,
          ),
        }))
        .sort(
          (a, b) =>
            a.sum - b.sum || (counts[a.supernode] ?? 0) - (counts[b.supernode] ?? 0) || a.supernode - b.supernode,
        );
      expect(new SupernodeChoice(state, counts, reading).forAll(needed)).toBe(ranked[0]?.supernode ?? null);
    }),
    { numRuns: 150 },
  );
});

test('the roomiest come first, of equals the lowest, each once, whatever is taken between', () => {
  const state = pool(1);
  const reading = readingOf(state.index.hours({ startAt: at(0), endAt: at(1) }));
  fc.assert(
    fc.property(fc.array(fc.nat(4), { maxLength: 12 }), fc.array(fc.nat(11), { maxLength: 4 }), (counts, taken) => {
      const choice = new SupernodeChoice(state, counts, reading);
      const used = new Set<number>();
      const found: number[] = [];
      for (let next = choice.roomiest(used); next !== null; next = choice.roomiest(used)) {
        found.push(next);
        used.add(next);
        const other = taken[found.length - 1];
        if (other !== undefined) used.add(other);
      }
      const expected: number[] = [];
      const gone = new Set<number>();
      const ordered = [...counts.keys()]
        .filter((each) => (counts[each] ?? 0) > 0)
        .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
      for (const each of ordered) {
        if (gone.has(each)) continue;
        expected.push(each);
        gone.add(each);
        const other = taken[expected.length - 1];
        if (other !== undefined) gone.add(other);
      }
      expect(found).toEqual(expected);
    }),
  );
});
