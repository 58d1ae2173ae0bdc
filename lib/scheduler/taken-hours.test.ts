import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plusMs } from '#lib/core/instant.ts';
import { readingOf } from './hour-window.ts';
import { TakenHours } from './taken-hours.ts';
import { interval, SIZE, smallPool } from './testing-pool.ts';

const WINDOW_MS = 91 * 86_400_000;
/** Now, or about the end of the hours that are known one by one. */
const time = fc
  .record({ during: interval, isLate: fc.boolean() })
  .map(({ during: { startAt, endAt }, isLate }) =>
    isLate
      ? { startAt: plusMs(startAt, WINDOW_MS - 43_200_000), endAt: endAt && plusMs(endAt, WINDOW_MS - 43_200_000) }
      : { startAt, endAt },
  );

test('what a server would have without some promises is what it has once they are gone', () => {
  let ruledOut = 0;
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 6 }), fc.nat(6), time, (promised, gone, asked) => {
      const state = smallPool();
      promised.forEach((during, i) => {
        const shares = [{ server: 1, cards: (i % SIZE) + 1 }];
        state.addPromise({
          id: `p${i}`,
          cards: shares[0]?.cards ?? 1,
          topology: 'any',
          interval: during,
          shares,
          isBound: false,
        });
      });
      const taken = new TakenHours(state.index, 1, asked);
      const spans = promised.slice(0, gone).map((during, i) => ({ interval: during, cards: (i % SIZE) + 1 }));
      const without = new TakenHours(state.index, 1, asked);
      for (const { interval: during, cards } of spans) without.giveBack(during, cards);
      for (let room = 0; room < without.most; room += 1) {
        const isRuledOut = !taken.mayFallTo(room, spans);
        if (isRuledOut) ruledOut += 1;
      }
      for (let room = without.most; room < 24; room += 1) expect(taken.mayFallTo(room, spans)).toBe(true);
      const reading = readingOf(state.index.hours(asked));
      expect(SIZE - taken.most).toBe(state.index.lowestOn(1, reading));
      for (let i = 0; i < Math.min(gone, promised.length); i += 1) {
        const promise = state.promises.get(`p${i}`);
        if (promise) taken.giveBack(promise.interval, promise.cards);
        state.removePromise(`p${i}`);
        expect(SIZE - taken.most).toBe(state.index.lowestOn(1, reading));
      }
    }),
    { numRuns: 500 },
  );
  expect(ruledOut).toBeGreaterThan(100);
});
