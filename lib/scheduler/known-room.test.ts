import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Undo } from '#lib/core/undo.ts';
import { readingOf } from './hour-window.ts';
import type { PoolState } from './pool-state.ts';
import { at, interval, SERVERS, SIZE, smallPool, T0 } from './testing-pool.ts';
import { Speculation } from './speculation.ts';
import type { PlannedPromise } from './types.ts';

const step = fc.record({
  act: fc.constantFrom('promise', 'usable', 'undo', 'undoOther', 'advance'),
  interval,
  server: fc.nat(SERVERS - 1),
  pick: fc.nat(50),
});
const asked = fc.record({ interval, level: fc.nat(SIZE) });

function expectAsRead(
  state: PoolState,
  { interval: time, level }: typeof asked extends fc.Arbitrary<infer T> ? T : never,
): void {
  const { words } = state.index;
  const places = words.placesOf(readingOf(state.index.hours(time)));
  for (const room of [state.roomOver(time), state.roomOnce(time)])
    expect(room.word(level, 0)).toBe(words.during(level, 0, places));
  expect(state.roomOver(time).highestLevel()).toBe(
    [4, 3, 2, 1].find((each) => words.during(each, 0, places) !== 0) ?? 0,
  );
}

test('what is known of a time is what the index says, whatever was changed and taken back since it was read', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.array(asked, { minLength: 2, maxLength: 2 }),
      (steps, questions) => {
        const state = smallPool();
        const undos: Undo[] = [];
        steps.forEach(({ act, interval: during, server, pick }, i) => {
          if (act === 'promise')
            undos.push(
              state.addPromise({
                id: `p${i}`,
                cards: SIZE,
                topology: 'any',
                interval: during,
                shares: [{ server, cards: SIZE }],
                isBound: false,
              }),
            );
          if (act === 'usable') undos.push(state.setUsable(server * SIZE, state.isUsable[server * SIZE] !== 1));
          if (act === 'undo') undos.pop()?.();
          if (act === 'undoOther') undos.splice(pick % Math.max(1, undos.length), 1)[0]?.();
          if (act === 'advance') state.advanceTo(at(pick));
          for (const question of questions) expectAsRead(state, question);
        });
      },
    ),
    { numRuns: 300 },
  );
});

test('what is tried meanwhile leaves the room that is asked about as it was', () => {
  const state = smallPool();
  const time = { startAt: T0, endAt: at(8) };
  const room = state.roomOver(time);
  const before = room.word(SIZE, 0);
  const promise: PlannedPromise = {
    id: 'p',
    cards: SIZE,
    topology: 'any',
    interval: time,
    shares: [],
    isBound: false,
  };
  Speculation.over(state, (speculation) => {
    speculation.lay(promise, [{ server: 2, cards: SIZE }]);
    expect(state.roomOver(time).word(SIZE, 0)).toBe(before & ~(1 << 2));
    expect(room.word(SIZE, 0)).toBe(before);
  });
  expect(state.roomOver(time)).toBe(room);
  expect(room.word(SIZE, 0)).toBe(before);
});

test('a state that is as it was has the version that it had, and no other state has it', () => {
  const state = smallPool();
  const seen = new Set([state.version]);
  const unusable = (card: number): Undo => state.setUsable(card, false);
  const first = unusable(0);
  const between = state.version;
  unusable(1)();
  expect(state.version).toBe(between);
  const second = unusable(2);
  first();
  second();
  for (const version of [between, state.version]) {
    expect(seen.has(version)).toBe(false);
    seen.add(version);
  }
});
