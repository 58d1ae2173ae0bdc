import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import { countBits } from './bits.ts';
import { hourOf, LATER_SLOT, readingOf, slotOf, WINDOW_HOURS } from './hour-window.ts';
import type { Undo } from '#lib/core/undo.ts';
import { PoolState } from './pool-state.ts';

const T0 = instant(Date.UTC(2026, 10, 1, 5));
const SERVERS = 35;
const CARDS = 4;
/** The servers on which something happens. */
const FEW = [0, 1, 2, 31, 32, 34];
const at = (halfHours: number): Instant => instant(T0 + (halfHours * HOUR_MS) / 2);

/** 35 servers of 4 cards, so that they need two words; three to a supernode. */
function setup(): PoolState {
  const state = new PoolState({
    servers: Array.from({ length: SERVERS }, (_, server) => ({ supernode: Math.floor(server / 3), pod: 0 })),
    cardServers: Array.from({ length: SERVERS * CARDS }, (_, card) => Math.floor(card / CARDS)),
  });
  state.advanceTo(T0);
  return state;
}

const interval = fc
  .record({
    start: fc.oneof(fc.nat(12), fc.nat(120), fc.integer({ min: 4_300, max: 4_400 })),
    length: fc.option(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 })), { freq: 5 }),
  })
  .map(({ start, length }): Interval => ({ startAt: at(start), endAt: length === null ? null : at(start + length) }));
/** What is looked at: some hours from now on, and about the end of the window. */
const window = fc
  .oneof(
    fc.record({ start: fc.nat(60), length: fc.integer({ min: 1, max: 110 }) }),
    fc.record({ start: fc.integer({ min: 4_340, max: 4_375 }), length: fc.constantFrom(1, 7, null) }),
  )
  .map(({ start, length }): Interval => ({ startAt: at(start), endAt: length === null ? null : at(start + length) }));
const step = fc.record({
  act: fc.constantFrom(
    'promise',
    'promise',
    'gang',
    'drop',
    'move',
    'bind',
    'unbind',
    'extend',
    'usable',
    'time',
    'undo',
  ),
  interval,
  pick: fc.nat(1_000),
  cards: fc.integer({ min: 1, max: CARDS }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function change(state: PoolState, { act, interval: during, pick, cards }: Step, index: number): Undo | null {
  const server = FEW[pick % FEW.length] ?? 0;
  const promised = [...state.promises.values()];
  const promise = promised[pick % Math.max(1, promised.length)];
  const bound = [...state.bindings()];
  const binding = bound[pick % Math.max(1, bound.length)];
  const card = server * CARDS + (pick % CARDS);
  const base = { id: `p${index}`, cards, topology: 'any', interval: during, isBound: false } as const;
  switch (act) {
    case 'promise':
      return state.addPromise({ ...base, shares: [{ server, cards }] });
    case 'gang':
      return state.addPromise({ ...base, shares: FEW.slice(0, cards).map((each) => ({ server: each, cards: CARDS })) });
    case 'drop':
      return promise ? state.removePromise(promise.id) : null;
    case 'move':
      return promise ? state.changePromise({ ...promise, interval: during, shares: [{ server, cards }] }) : null;
    case 'bind': {
      const free = Array.from({ length: cards }, (_, i) => server * CARDS + i).filter((each) =>
        state.bindingsOf(each).every((other) => !overlaps(other.interval, during)),
      );
      const made = free.map((each) => ({ id: `b${index}-${each}`, promiseId: 'r', card: each, interval: during }));
      return state.bind(made);
    }
    case 'unbind':
      return binding ? state.unbind(binding.promiseId, [binding.id]) : null;
    case 'extend':
      return binding && state.bindingsOf(binding.card).length === 1
        ? state.extendBindings(binding.promiseId, [binding.id], null)
        : null;
    case 'usable':
      return state.setUsable(card, state.isUsable[card] !== 1);
    default:
      return null;
  }
}

type Counted = { readonly free: number[]; readonly isPartly: boolean[]; readonly partlyCards: number };

/** What an hour (or what is after the window: null) holds, counted from what is promised and bound. */
function counted(state: PoolState, hour: number | null): Counted {
  const later = (state.index.baseHour + WINDOW_HOURS) * HOUR_MS;
  const slot: Interval =
    hour === null
      ? { startAt: instant(later), endAt: null }
      : { startAt: instant(hour * HOUR_MS), endAt: instant((hour + 1) * HOUR_MS) };
  let partlyCards = 0;
  const isPartly: boolean[] = [];
  const free = Array.from({ length: SERVERS }, (_, server) => {
    if (!FEW.includes(server)) return CARDS;
    const spans = [
      ...state.tentativeSpansOf(server),
      ...[...state.cardsOf(server)]
        .filter((card) => state.isUsable[card] === 1)
        .flatMap((card) => state.bindingsOf(card).map((binding) => ({ interval: binding.interval, cards: 1 }))),
    ].filter((span) => overlaps(span.interval, slot));
    const partly = spans.filter((span) => span.interval.startAt > slot.startAt || endOf(span.interval) < endOf(slot));
    partlyCards += partly.reduce((sum, { cards }) => sum + cards, 0);
    isPartly[server] = partly.length > 0;
    return (state.serverUsable[server] ?? 0) - spans.reduce((sum, { cards }) => sum + cards, 0);
  });
  return { free, isPartly, partlyCards };
}

/** An hour that is said to be as what comes after the window, and is not; null when there is none. */
function unsteadyHour({ index }: PoolState, server: number): number | null {
  const later = index.takenIn(server, LATER_SLOT);
  for (let hour = Math.max(index.baseHour, index.steadyFrom); hour < index.baseHour + WINDOW_HOURS; hour += 1)
    if (index.takenIn(server, slotOf(hour)) !== later) return hour;
  return null;
}

function check(state: PoolState, window: Interval): void {
  const { index } = state;
  if (!index.knows(window)) return;
  const hours = index.hours(window);
  const reading = readingOf(hours);
  const places = index.words.placesOf(reading);
  const all: (number | null)[] = Array.from({ length: hours.to - hours.from }, (_, i) => hours.from + i);
  if (hours.isLater) all.push(null);
  const slots = all.map((hour) => ({ slot: hour === null ? LATER_SLOT : slotOf(hour), ...counted(state, hour) }));
  for (const { slot, free, partlyCards } of slots) {
    const room = free.map((cards) => Math.max(0, cards));
    const together = state.supernodeServers.map((servers) => servers.map((server) => room[server] ?? 0));
    const sums = together.map((cards) => cards.reduce((a, b) => a + b, 0));
    expect(index.curves.freeCards[slot]).toBe(sums.reduce((a, b) => a + b, 0));
    expect(index.curves.idleServers[slot]).toBe(room.filter((cards) => cards === CARDS).length);
    expect(index.curves.idleSupernodes[slot]).toBe(
      together.filter((cards) => cards.length === 3 && cards.every((each) => each === CARDS)).length,
    );
    sums.forEach((sum, supernode) => {
      expect(index.curves.freeInSupernode(supernode, slot)).toBe(sum);
    });
    expect(index.curves.partlyTaken[slot]).toBe(partlyCards);
  }
  for (const server of FEW) {
    const lowest = Math.min(...slots.map(({ free }) => free[server] ?? 0));
    expect(index.lowestOn(server, reading)).toBe(lowest);
    const isPartly = slots.some((each) => each.isPartly[server]);
    expect((index.partly.during(server >> 5, reading) >> (server & 31)) & 1).toBe(isPartly ? 1 : 0);
    for (let level = 0; level <= CARDS; level += 1) {
      const isThere = (index.words.during(level, server >> 5, places) >> (server & 31)) & 1;
      expect(isThere).toBe(lowest >= (level === 0 ? CARDS : level) ? 1 : 0);
    }
  }
  for (const server of FEW) expect(unsteadyHour(state, server)).toBeNull();
  for (let level = 0; level <= CARDS; level += 1)
    expect(countBits(index.words.during(level, 1, places))).toBeLessThanOrEqual(3);
}

test('hours after all that ends are known to be alike', () => {
  const state = setup();
  const base = { cards: 1, topology: 'any', shares: [{ server: 0, cards: 1 }], isBound: false } as const;
  state.addPromise({ ...base, id: 'ends', interval: { startAt: at(2), endAt: at(9) } });
  expect(state.index.steadyFrom).toBe(hourOf(at(10)));
  state.addPromise({ ...base, id: 'goes on', interval: { startAt: at(41), endAt: null } });
  expect(state.index.steadyFrom).toBe(hourOf(at(42)));
});

test('the index is what counting every hour anew finds, after every change, undo and step of time', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 25 }),
      fc.array(window, { minLength: 3, maxLength: 3 }),
      (steps, windows) => {
        const state = setup();
        const undos: Undo[] = [];
        let now: Instant = T0;
        steps.forEach((each, index) => {
          if (each.act === 'undo') undos.pop()?.();
          else if (each.act === 'time') {
            now = instant(now + each.pick * (each.cards === 1 ? 10 : 1) * 60_000);
            state.advanceTo(now);
            expect(state.index.baseHour).toBe(hourOf(now));
          } else undos.push(change(state, each, index) ?? (() => {}));
          const window = windows[index % windows.length];
          if (window) check(state, window);
        });
        for (const undo of undos.reverse()) undo();
        for (const window of windows) check(state, window);
        expect([...state.promises.keys()]).toEqual([]);
        expect([...state.bindings()]).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});
