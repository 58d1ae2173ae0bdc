import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { instant } from '#lib/core/instant.ts';
import type { Undo } from '#lib/core/undo.ts';
import { earliestStart } from './earliest.ts';
import { FreedHours } from './freed-hours.ts';
import { Shortage } from './known-shortage.ts';
import { planFor } from './plan.ts';
import type { PoolState } from './pool-state.ts';
import { at, interval, request, SERVERS, SIZE, smallPool } from './testing-pool.ts';

const step = fc.record({
  act: fc.constantFrom('promise', 'promise', 'gang', 'bind', 'usable', 'undo', 'undoOther', 'advance', 'try'),
  interval,
  server: fc.nat(SERVERS - 1),
  cards: fc.integer({ min: 1, max: SIZE }),
  pick: fc.nat(8),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A change of a pool with its undo; null for what leaves it as it was. */
function change(state: PoolState, { act, interval: during, server, cards, pick }: Step, index: number): Undo | null {
  const base = { id: `p${index}`, topology: 'any', interval: during, isBound: false } as const;
  // Few cards, so that what comes and goes is often the same.
  const card = (server % 2) * SIZE + (pick % 2);
  switch (act) {
    case 'promise':
      return state.addPromise({ ...base, cards, shares: [{ server, cards }] });
    case 'gang': {
      const shares = Array.from({ length: cards }, (_, i) => ({ server: (server + i) % SERVERS, cards: SIZE }));
      return state.addPromise({ ...base, cards: cards * SIZE, shares });
    }
    case 'bind':
      if (state.bindingsOf(card).length > 0) return null;
      return state.bind([{ id: `b${index}`, promiseId: 'r', card, interval: during }]);
    case 'usable':
      return state.setUsable(card, state.isUsable[card] !== 1);
    case 'try':
      planFor(state, { ...base, cards, shares: [] }, false);
      return null;
    case 'advance':
      state.advanceTo(at(4 * pick));
      return null;
    default:
      return null;
  }
}

/** Most servers are taken for half a day, each by a promise that may go again. */
function fill(state: PoolState, undos: Undo[]): void {
  const during = { startAt: at(0), endAt: at(48) };
  for (let server = 2; server < SERVERS; server += 1) {
    const shares = [{ server, cards: SIZE }];
    undos.push(
      state.addPromise({ id: `f${server}`, cards: SIZE, topology: 'any', interval: during, shares, isBound: false }),
    );
  }
}

/** Takes back the last of some changes, or another. */
function takeBack(undos: Undo[], { act, pick }: Step): void {
  if (act === 'undo') undos.pop()?.();
  if (act === 'undoOther') undos.splice(pick % Math.max(1, undos.length), 1)[0]?.();
}

test('what is known not to fit changes no earliest start, whatever was taken, given back, tried and undone since', () => {
  let named = 0;
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 20 }),
      fc.array(request, { minLength: 2, maxLength: 3 }),
      (steps, wishes) => {
        const pools = [smallPool(), smallPool()].map((state) => ({ state, undos: [] as Undo[] }));
        for (const { state, undos } of pools) fill(state, undos);
        const [knowing, plain] = [present(pools[0], 'a pool').state, present(pools[1], 'a pool').state];
        steps.forEach((each, i) => {
          for (const { state, undos } of pools) {
            const undo = change(state, each, i);
            if (undo) undos.push(undo);
            takeBack(undos, each);
          }
          for (const wish of wishes) {
            plain.index.shortages.forget();
            const startAt = earliestStart(plain, wish);
            if (startAt !== null) named += 1;
            expect(earliestStart(knowing, wish)).toBe(startAt);
          }
        });
      },
    ),
    { numRuns: 200 },
  );
  expect(named).toBeGreaterThan(1_000);
});

/**
 * Six cards for two hours find no room for half a day, though every hour has six: two in all of them on one server, and four
 * by turns on two others. All else is taken by promises, or away.
 */
function byTurns(): { readonly state: PoolState; readonly undos: readonly Undo[] } {
  const state = smallPool();
  const takeFrom = (server: number, cards: number, first: number, last: number): Undo => {
    const during = { startAt: at(first), endAt: at(last) };
    const shares = [{ server, cards }];
    return state.addPromise({
      id: `${server}-${first}`,
      cards,
      topology: 'any',
      interval: during,
      shares,
      isBound: false,
    });
  };
  for (let hour = 0; hour < 12; hour += 1) takeFrom(hour % 2, SIZE, hour * 4, hour * 4 + 4);
  takeFrom(2, 2, 0, 48);
  for (let card = 3 * SIZE; card < 4 * SIZE; card += 1) state.setUsable(card, false);
  return { state, undos: [4, 5, 6, 7].map((server) => takeFrom(server, SIZE, 0, 48)) };
}
const twoHours = { cards: 6, topology: 'any', interval: { startAt: at(0), endAt: at(8) } } as const;

test('cards that come back end a shortage, and so does what is given back', () => {
  const { state, undos } = byTurns();
  expect(earliestStart(state, twoHours)).toBe(at(44));
  for (let card = 3 * SIZE; card < 4 * SIZE; card += 1) state.setUsable(card, true);
  expect(earliestStart(state, twoHours)).toBe(at(4));
  for (let card = 3 * SIZE; card < 4 * SIZE; card += 1) state.setUsable(card, false);
  expect(earliestStart(state, twoHours)).toBe(at(44));
  undos[3]?.();
  expect(earliestStart(state, twoHours)).toBe(at(4));
});

test('what is given back after time has moved on is known when time is taken back', () => {
  const { state, undos } = byTurns();
  expect(earliestStart(state, twoHours)).toBe(at(44));
  state.advanceTo(at(48));
  undos[3]?.();
  state.advanceTo(at(0));
  expect(earliestStart(state, twoHours)).toBe(at(4));
});

test('what takes a part of an hour is noted, because counts say less of it; what takes whole hours is not', () => {
  const { state } = byTurns();
  const { freed } = state.index.shortages;
  const before = freed.count;
  const base = { cards: 1, topology: 'any', shares: [{ server: 2, cards: 1 }], isBound: false } as const;
  state.addPromise({ ...base, id: 'whole', interval: { startAt: at(4), endAt: at(8) } });
  expect(freed.count).toBe(before);
  state.addPromise({ ...base, id: 'part', interval: { startAt: at(4), endAt: at(6) } });
  expect(freed.count).toBe(before + 1);
});

test('what was tried and taken back leaves what is known as it was', () => {
  const { state } = byTurns();
  const { freed } = state.index.shortages;
  const [before, lift] = [freed.count, vi.spyOn(state, 'lift')];
  planFor(
    state,
    { ...twoHours, id: 'tried', cards: SIZE, topology: 'whole-servers', shares: [], isBound: false },
    false,
  );
  expect(lift).toHaveBeenCalledWith('2-0');
  expect(freed.count).toBe(before);
});

const HOUR = 490_000;
const BEHIND = HOUR + 2_184;
const freeing = (cards: number) => ({ cards, servers: 1, highest: cards, idle: 0 });

test('a stretch is known until as much has come free in its hours as it lacks', () => {
  const freed = new FreedHours();
  const shortage = new Shortage({ level: 'any', count: 10, isSure: true });
  shortage.learn(HOUR + 5, HOUR + 8, 3);
  const broken = () => {
    shortage.catchUp(freed, BEHIND);
    return shortage.breakIn(HOUR, HOUR + 20);
  };
  expect(broken()).toBe(HOUR + 5);
  freed.note({ from: HOUR + 9, to: HOUR + 12 }, freeing(16));
  freed.note({ from: HOUR, to: HOUR + 5 }, freeing(16));
  freed.note({ from: HOUR + 8, to: HOUR + 9 }, freeing(2));
  expect(broken()).toBe(HOUR + 5);
  freed.trying(() => freed.note({ from: HOUR + 5, to: HOUR + 6 }, freeing(16)));
  expect(broken()).toBe(HOUR + 5);
  freed.note({ from: HOUR + 5, to: HOUR + 6 }, freeing(1));
  expect(broken()).toBeNull();
});

test('who has not read what came free for long knows nothing any more', () => {
  const freed = new FreedHours();
  const shortage = new Shortage({ level: 'any', count: 10, isSure: true });
  shortage.learn(HOUR, HOUR, 3);
  for (let i = 0; i < 600; i += 1) freed.note({ from: HOUR + 50, to: HOUR + 51 }, freeing(1));
  shortage.catchUp(freed, BEHIND);
  expect(shortage.breakIn(HOUR, HOUR + 1)).toBeNull();
});

test('while changes are tried, nobody asks what is known', () => {
  const state = smallPool();
  const wish = { cards: SIZE, topology: 'any', interval: { startAt: instant(at(0)), endAt: at(4) } } as const;
  expect(() => state.index.shortages.freed.trying(() => earliestStart(state, wish))).toThrow('what is tried');
});
