import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasRoom } from './has-room.ts';
import { place } from './place.ts';
import { request, smallPool, take, taken } from './testing-pool.ts';
import { earliestStart } from './earliest.ts';

test('what was proven holds for that state and that request alone: there is room exactly where a placement is found', () => {
  fc.assert(
    fc.property(fc.array(taken, { maxLength: 15 }), request, request, taken, (all, wish, other, last) => {
      const state = smallPool();
      all.forEach((each, i) => {
        take(state, each, i);
      });
      const startAt = earliestStart(state, wish);
      if (startAt === null) return;
      const { endAt } = wish.interval;
      const lengthMs = endAt === null ? null : endAt - wish.interval.startAt;
      const during = { startAt, endAt: lengthMs === null ? null : ((startAt + lengthMs) as typeof startAt) };
      const found = { ...wish, interval: during };
      const expectAsPlaced = (): void => {
        for (const each of [found, { ...other, interval: during }, { ...found, interval: other.interval }])
          for (const toBind of [false, true])
            expect(hasRoom(state, each, toBind)).toBe(place(state, each, toBind) !== null);
      };
      expectAsPlaced();
      take(state, last, all.length);
      expectAsPlaced();
    }),
    { numRuns: 200 },
  );
});
