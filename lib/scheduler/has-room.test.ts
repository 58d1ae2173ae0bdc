import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { TOPOLOGIES } from '#lib/core/topology.ts';
import { earliestStart } from './earliest.ts';
import { hasRoom } from './has-room.ts';
import { place } from './place.ts';
import { at, request, SERVERS, SIZE, smallPool, T0, take, taken } from './testing-pool.ts';

test('there is room exactly where a placement would be found, whatever is asked and whatever is taken', () => {
  let yes = 0;
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 25 }), request, fc.boolean(), fc.nat(8), (all, wish, toBind, advanced) => {
      const state = smallPool();
      all.forEach((each, index) => {
        take(state, each, index);
      });
      state.advanceTo(at(advanced));
      const isThere = hasRoom(state, wish, toBind);
      expect(isThere).toBe(place(state, wish, toBind) !== null);
      if (isThere) yes += 1;
    }),
    { numRuns: 400 },
  );
  expect(yes).toBeGreaterThan(100);
});

test('where everything begins and ends on hours, no earlier hour has room than the earliest start', () => {
  const onHours = taken.filter(
    ({ interval }) => interval.startAt % HOUR_MS === 0 && (interval.endAt ?? 0) % HOUR_MS === 0,
  );
  const wishes = request.filter(
    ({ interval }) => interval.startAt % HOUR_MS === 0 && (interval.endAt ?? 0) % HOUR_MS === 0,
  );
  fc.assert(
    fc.property(fc.array(onHours, { minLength: 4, maxLength: 25 }), wishes, (all, wish) => {
      const state = smallPool();
      all.forEach((each, index) => {
        take(state, each, index);
      });
      const { startAt, endAt } = wish.interval;
      const fitsAfter = (hours: number): boolean => {
        const start = instant(startAt + hours * HOUR_MS);
        const interval = { startAt: start, endAt: endAt === null ? null : instant(start + (endAt - startAt)) };
        return place(state, { ...wish, interval }, false) !== null;
      };
      const hours = Array.from({ length: 60 }, (_, i) => i + 1);
      const first = hours.find(fitsAfter);
      expect(earliestStart(state, wish)).toBe(first === undefined ? null : instant(startAt + first * HOUR_MS));
      expect(startAt).toBeGreaterThanOrEqual(T0);
    }),
    { numRuns: 200 },
  );
});

test('what is taken for the first half of an hour leaves room in the second', () => {
  const state = smallPool();
  const firstHalf = { startAt: at(0), endAt: at(2) };
  for (let server = 0; server < SERVERS; server += 1) {
    const shares = [{ server, cards: SIZE }];
    state.addPromise({ id: `p${server}`, cards: SIZE, topology: 'any', interval: firstHalf, shares, isBound: false });
  }
  for (const topology of TOPOLOGIES) {
    const cards = topology === 'whole-supernodes' ? 3 * SIZE : SIZE;
    const wish = { cards, topology, interval: { startAt: at(2), endAt: at(4) } };
    expect([topology, hasRoom(state, wish, false)]).toEqual([topology, true]);
    expect([topology, hasRoom(state, { ...wish, interval: firstHalf }, false)]).toEqual([topology, false]);
  }
});
