import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { LAYOUTS } from '#lib/core/topology.ts';
import { earliestStart } from './earliest.ts';
import { freeOnServer, freePerServer, unboundCards } from './free.ts';
import { place } from './place.ts';
import { placeByIndex } from './place-by-index.ts';
import { placeOn } from './place-on-servers.ts';
import type { PoolState } from './pool-state.ts';
import { at, request, SERVERS, SIZE, SUPERNODE_SIZE, smallPool, T0, take, taken } from './testing-pool.ts';
import type { PlacementRequest, Share } from './types.ts';

/** Every server asked what is free, one by one. */
function askedFree(state: PoolState, during: PlacementRequest['interval'], toBind: boolean): Int16Array {
  return Int16Array.from({ length: SERVERS }, (_, server) => freeOnServer(state, server, during, toBind));
}

function expectTopology(wish: PlacementRequest, shares: readonly Share[]): void {
  expect(shares.reduce((sum, { cards }) => sum + cards, 0)).toBe(wish.cards);
  expect(new Set(shares.map(({ server }) => server)).size).toBe(shares.length);
  if (wish.topology === 'same-server') expect(shares).toHaveLength(1);
  if (wish.topology === 'whole-supernodes') {
    const taken = Map.groupBy(shares, ({ server }) => Math.floor(server / 3));
    for (const [supernode, own] of taken) expect([supernode < 2, own.length]).toEqual([true, 3]);
  }
  if (wish.topology === 'same-supernode')
    expect(new Set(shares.map(({ server }) => Math.floor(server / 3))).size).toBe(1);
  if (LAYOUTS[wish.topology].whole !== null) for (const { cards } of shares) expect(cards).toBe(SIZE);
}

/** Whether there is room, from what a wish means alone: the sums and the idle ones of every level. */
function hasRoom(free: Int16Array, { cards, topology }: PlacementRequest): boolean {
  const supernodes = [free.slice(0, 3), free.slice(3, 6), free.slice(6)].map((own) => [...own]);
  const sum = (rooms: Iterable<number>): number => [...rooms].reduce((a, b) => a + b, 0);
  const isIdle = (room: number): boolean => room === SIZE;
  return {
    any: sum(free) >= cards,
    'same-server': Math.max(...free) >= cards,
    'same-supernode': supernodes.some((own) => sum(own) >= cards),
    'whole-servers': [...free].filter(isIdle).length * SIZE >= cards,
    'whole-supernodes':
      supernodes.filter((own) => own.length === 3 && own.every(isIdle)).length * SUPERNODE_SIZE >= cards,
  }[topology];
}

test('a placement is truly free and as wished, and there is one whenever asking every server finds one', () => {
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 25 }), request, fc.boolean(), (all, wish, toBind) => {
      const state = smallPool();
      all.forEach((each, index) => {
        take(state, each, index);
      });
      const asked = askedFree(state, wish.interval, toBind);
      expect([...freePerServer(state, wish.interval, toBind)]).toEqual([...asked]);
      const shares = place(state, wish, toBind);
      expect(shares === null).toBe(placeOn(state, asked, wish) === null);
      expect(shares !== null).toBe(hasRoom(asked, wish));
      if (!shares) return;
      expectTopology(wish, shares);
      for (const { server, cards } of shares) {
        expect(cards).toBeLessThanOrEqual(asked[server] ?? 0);
        if (toBind) expect(unboundCards(state, server, wish.interval).length).toBeGreaterThanOrEqual(cards);
      }
      expect(place(state, wish, toBind)).toEqual(shares);
    }),
    { numRuns: 400 },
  );
});

test('what lies before the hours that are known is asked of every server', () => {
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 25 }), request, (all, wish) => {
      const state = smallPool();
      all.forEach((each, index) => {
        take(state, each, index);
      });
      state.advanceTo(at(20));
      const shares = place(state, wish, true);
      expect(shares === null).toBe(placeOn(state, askedFree(state, wish.interval, true), wish) === null);
      for (const { server, cards } of shares ?? [])
        expect(cards).toBeLessThanOrEqual(freeOnServer(state, server, wish.interval, true));
    }),
    { numRuns: 100 },
  );
});

test('the earliest start is a later full hour at which there is room, for one server the first', () => {
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 25 }), request, (all, wish) => {
      const state = smallPool();
      all.forEach((each, index) => {
        take(state, each, index);
      });
      const startAt = earliestStart(state, wish);
      const startingAt = (start: number): PlacementRequest['interval'] => ({
        startAt: instant(start),
        endAt: wish.interval.endAt === null ? null : instant(start + (wish.interval.endAt - wish.interval.startAt)),
      });
      if (startAt === null) {
        // What takes whole supernodes is only ever there by the hours that the index counts.
        if (wish.topology === 'whole-supernodes')
          expect(
            hasRoom(askedFree(state, { startAt: at(400), endAt: at(404) }, false), wish) &&
              wish.interval.endAt !== null,
          ).toBe(false);
        return;
      }
      expect(startAt).toBeGreaterThan(wish.interval.startAt);
      expect((startAt - T0) % HOUR_MS).toBe(0);
      expect(place(state, { ...wish, interval: startingAt(startAt) }, false)).not.toBeNull();
      if (wish.topology !== 'same-server' || wish.cards > SIZE) return;
      for (let before = startAt - HOUR_MS; before > wish.interval.startAt; before -= HOUR_MS)
        expect(
          placeByIndex(state, { ...wish, interval: startingAt(before) }, state.roomOver(startingAt(before)), false),
        ).toBeNull();
    }),
    { numRuns: 200 },
  );
});

test('the tightest server is taken, the lowest of several; a server is begun in the fullest supernode', () => {
  const state = smallPool();
  const during = { startAt: at(0), endAt: at(8) };
  const wish = { cards: 2, topology: 'any', interval: during } as const;
  const fill = (id: string, server: number, cards: number) =>
    state.addPromise({ id, cards, topology: 'any', interval: during, shares: [{ server, cards }], isBound: false });
  fill('a', 3, 4);
  expect(place(state, wish, false)).toEqual([{ server: 4, cards: 2 }]);
  fill('b', 1, 1);
  expect(place(state, wish, false)).toEqual([{ server: 1, cards: 2 }]);
  fill('c', 7, 2);
  expect(place(state, wish, false)).toEqual([{ server: 7, cards: 2 }]);
  fill('d', 2, 2);
  expect(place(state, wish, false)).toEqual([{ server: 2, cards: 2 }]);
});

test('cards that are bound at different hours are both missing for one that is to be bound throughout', () => {
  const state = smallPool();
  for (const [card, from] of [
    [0, 0],
    [1, 8],
  ] as const)
    state.bind([{ id: `b${card}`, promiseId: 'r', card, interval: { startAt: at(from), endAt: at(from + 4) } }]);
  const during = { startAt: at(0), endAt: at(16) };
  for (let server = 1; server < SERVERS; server += 1) {
    const shares = [{ server, cards: SIZE }];
    state.addPromise({ id: `p${server}`, cards: SIZE, topology: 'any', interval: during, shares, isBound: false });
  }
  const wish = { cards: 3, topology: 'same-server', interval: during } as const;
  expect(freePerServer(state, during, false)[0]).toBe(3);
  expect(freePerServer(state, during, true)[0]).toBe(2);
  expect(place(state, wish, false)).toEqual([{ server: 0, cards: 3 }]);
  expect(place(state, wish, true)).toBeNull();
});
