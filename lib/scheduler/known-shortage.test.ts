import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { instant } from '#lib/core/instant.ts';
import type { Undo } from '#lib/core/undo.ts';
import { earliestStart } from './earliest.ts';
import { IDLE } from './free-words.ts';
import { KnownShortages } from './known-shortage.ts';
import type { Need } from './narrowing.ts';
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
/** What is known where servers have so many cards free, hour by hour. */
function knownWhere(free: readonly ((hour: number) => number)[]): KnownShortages {
  const leastFree = (server: number, from: number, to: number): number => {
    const end = Math.min(to, HOUR + 500);
    const hours = Array.from({ length: Math.max(0, end - from) }, (_, i) =>
      present(free[server], 'a server')(from + i),
    );
    return Math.min(16, ...hours);
  };
  const left = (level: number, _: number, servers: number, from: number, to: number): number =>
    free.reduce((mask, _, server) => (leastFree(server, from, to) >= level ? mask | (1 << server) : mask), 0) & servers;
  return new KnownShortages({ left, leastFree });
}
const always = (cards: number) => (): number => cards;
const need = (count: number): Need => ({ level: 'any', count, isSure: true });
const during = (from: number, to: number) => ({ from, to, isLater: false });

test('a stretch is known until as much has come free in its hours as it lacks', () => {
  const known = knownWhere([always(16), always(16)]);
  known.of(need(10)).learn(HOUR + 5, HOUR + 9, 3);
  const broken = () => known.of(need(10)).breakIn(HOUR, HOUR + 20, false);
  const free = (from: number, to: number, cards: number) =>
    known.freed.note(during(HOUR + from, HOUR + to), [{ server: 0, cards }], true);
  expect(broken()).toBe(HOUR + 5);
  free(9, 12, 16);
  free(0, 5, 16);
  free(8, 9, 2);
  expect(broken()).toBe(HOUR + 5);
  known.freed.trying(() => free(5, 6, 16));
  expect(broken()).toBe(HOUR + 5);
  free(5, 6, 1);
  expect(broken()).toBeNull();
});

test('what came free counts for no more than is free throughout the stretch; what counts say nothing of counts whole', () => {
  const known = knownWhere([always(2), always(0)]);
  known.of(need(10)).learn(HOUR + 5, HOUR + 9, 3);
  const broken = () => known.of(need(10)).breakIn(HOUR, HOUR + 20, false);
  known.freed.note(during(HOUR, HOUR + 20), [{ server: 0, cards: 16 }], true);
  known.freed.note(during(HOUR, HOUR + 20), [{ server: 1, cards: 16 }], true);
  expect(broken()).toBe(HOUR + 5);
  known.freed.note(during(HOUR + 8, HOUR + 9), [{ server: 1, cards: 1 }], false);
  expect(broken()).toBeNull();
});

test.each([
  ['any', 6, 8],
  ['any', 0, 20],
  [16, 6, 8],
  [16, 0, 20],
] as const)(
  'of level %s, what came free from hour %s to %s counts where all hours of a stretch are free, whatever is outside',
  (level, from, to) => {
    for (const [first, behind, isKnown] of [
      [5, 9, false],
      [6, 9, true],
      [5, 8, true],
    ] as const) {
      const known = knownWhere([(hour) => (hour >= HOUR + first && hour < HOUR + behind ? 16 : 0)]);
      const wish: Need = { level, count: 10, isSure: true };
      known.of(wish).learn(HOUR + 5, HOUR + 9, 1);
      known.freed.note(during(HOUR + from, HOUR + to), [{ server: 0, cards: 16 }], true);
      expect(known.of(wish).breakIn(HOUR, HOUR + 20, false)).toBe(isKnown ? HOUR + 5 : null);
    }
  },
);

test('a server that gives back twice at once counts twice', () => {
  const known = knownWhere([always(4)]);
  known.of(need(10)).learn(HOUR + 5, HOUR + 9, 3);
  const share = { server: 0, cards: 2 };
  known.freed.note(during(HOUR + 5, HOUR + 9), [share, share], true);
  expect(known.of(need(10)).breakIn(HOUR, HOUR + 20, false)).toBeNull();
});

test('what is too little for some is too little for more, and says nothing of fewer', () => {
  const known = knownWhere([always(16)]);
  known.of(need(10)).learn(HOUR + 5, HOUR + 9, 3);
  const broken = (count: number) => known.of(need(count)).breakIn(HOUR, HOUR + 20, false);
  expect([7, 8, 10, 500].map(broken)).toEqual([null, HOUR + 5, HOUR + 5, HOUR + 5]);
  known.freed.note(during(HOUR + 5, HOUR + 9), [{ server: 0, cards: 3 }], true);
  expect([10, 11, 500].map(broken)).toEqual([null, HOUR + 5, HOUR + 5]);
  const others: readonly Need[] = [
    { ...need(500), isSure: false },
    { ...need(500), level: IDLE },
  ];
  for (const other of others) expect(known.of(other).breakIn(HOUR, HOUR + 20, false)).toBeNull();
});

test('whole servers are counted where all of one came free, and hours without an end are known as such', () => {
  const known = knownWhere([always(0), always(16)]);
  const idle: Need = { level: 16, count: 2, isSure: true };
  known.of(idle).learn(HOUR + 5, Number.POSITIVE_INFINITY, 1);
  const broken = (isLater: boolean) => known.of(idle).breakIn(HOUR, HOUR + 20, isLater);
  expect(broken(false)).toBeNull();
  expect(broken(true)).toBe(HOUR + 5);
  known.freed.note(during(HOUR, HOUR + 5), [{ server: 1, cards: 16 }], true);
  known.freed.note(during(HOUR + 400, HOUR + 401), [{ server: 0, cards: 16 }], true);
  expect(broken(true)).toBe(HOUR + 5);
  known.freed.note(during(HOUR + 400, HOUR + 401), [{ server: 1, cards: 16 }], true);
  expect(broken(true)).toBeNull();
});

test('who has not looked at a stretch for long knows nothing of it any more', () => {
  const known = knownWhere([always(16)]);
  known.of(need(10)).learn(HOUR, HOUR + 1, 3);
  const note = (): void => known.freed.note(during(HOUR + 50, HOUR + 51), [{ server: 0, cards: 1 }], true);
  const broken = () => known.of(need(10)).breakIn(HOUR, HOUR + 1, false);
  for (let i = 0; i < 1_000; i += 1) note();
  expect(broken()).toBe(HOUR);
  for (let i = 0; i < 1_000; i += 1) note();
  expect(broken()).toBe(HOUR);
  for (let i = 0; i < 1_100; i += 1) note();
  expect(broken()).toBeNull();
});

test('while changes are tried, nobody asks what is known', () => {
  const state = smallPool();
  const wish = { cards: SIZE, topology: 'any', interval: { startAt: instant(at(0)), endAt: at(4) } } as const;
  expect(() => state.index.shortages.freed.trying(() => earliestStart(state, wish))).toThrow('what is tried');
});
