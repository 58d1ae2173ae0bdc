import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { endOf, type Interval, overlaps } from '#lib/core/interval.ts';
import { overcommittedServers } from './bind.ts';
import { freeInPool, freeOnServer } from './free.ts';
import type { Undo } from '#lib/core/undo.ts';
import { PoolState } from './pool-state.ts';

const SERVERS = 3;
const CARDS = 4;

function setup(): PoolState {
  return new PoolState({
    servers: Array.from({ length: SERVERS }, () => ({ supernode: 0, pod: 0 })),
    cardServers: Array.from({ length: SERVERS * CARDS }, (_, card) => Math.floor(card / CARDS)),
  });
}

const interval = fc.record({ startAt: fc.nat(20), length: fc.option(fc.integer({ min: 1, max: 12 })) }).map(
  ({ startAt, length }): Interval => ({
    startAt: instant(startAt),
    endAt: length === null ? null : instant(startAt + length),
  }),
);
const step = fc.record({
  act: fc.constantFrom('promise', 'promise', 'drop', 'bind', 'bind', 'unbind', 'usable', 'undo'),
  interval,
  pick: fc.nat(1_000),
  cards: fc.integer({ min: 1, max: CARDS }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Makes one change to the state; null when there is nothing to change. */
function change(state: PoolState, { act, interval: during, pick, cards }: Step, index: number): Undo | null {
  const card = pick % (SERVERS * CARDS);
  switch (act) {
    case 'promise': {
      const shares = [{ server: pick % SERVERS, cards }];
      return state.addPromise({ id: `p${index}`, cards, topology: 'any', interval: during, shares, isBound: false });
    }
    case 'drop': {
      const ids = [...state.promises.keys()];
      const id = ids[pick % Math.max(1, ids.length)];
      return id === undefined ? null : state.removePromise(id);
    }
    case 'bind': {
      if (state.bindingsOf(card).some((other) => overlaps(other.interval, during))) return null;
      return state.bind([{ id: `b${index}`, promiseId: `r${pick % 3}`, card, interval: during }]);
    }
    case 'unbind': {
      const all = [...state.bindings()];
      const binding = all[pick % Math.max(1, all.length)];
      return binding ? state.unbind(binding.promiseId, [binding.id]) : null;
    }
    default:
      return state.setUsable(card, cards > 2);
  }
}

/** Counted moment by moment, from nothing but what was promised and bound. */
function countedFree(state: PoolState, server: number, window: Interval, toBind: boolean, except: string): number {
  const usable = [...state.cardsOf(server)].filter((card) => state.isUsable[card] === 1);
  const bindings = usable.flatMap((card) => state.bindingsOf(card).filter(({ promiseId }) => promiseId !== except));
  let peak = 0;
  for (let at = window.startAt as number; at < Math.min(endOf(window), 40); at += 1) {
    const isThen = (each: { readonly interval: Interval }): boolean =>
      each.interval.startAt <= at && at < endOf(each.interval);
    const spans = [...state.tentativeSpansOf(server)].filter((span) => span.promiseId !== except && isThen(span));
    peak = Math.max(peak, bindings.filter(isThen).length + spans.reduce((sum, span) => sum + span.cards, 0));
  }
  const bound = new Set(bindings.filter((each) => overlaps(each.interval, window)).map(({ card }) => card));
  const free = usable.length - peak;
  return Math.max(0, toBind ? Math.min(free, usable.length - bound.size) : free);
}

test('what is free on a server is what a count of every moment finds, after every change and every undo', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), interval, (steps, window) => {
      const state = setup();
      const undos: Undo[] = [];
      steps.forEach((each, index) => {
        if (each.act === 'undo') undos.pop()?.();
        else undos.push(change(state, each, index) ?? (() => {}));
        for (let server = 0; server < SERVERS; server += 1) {
          for (const toBind of [false, true])
            expect(freeOnServer(state, server, window, toBind)).toBe(
              countedFree(state, server, window, toBind, 'nobody'),
            );
        }
      });
    }),
    { numRuns: 200 },
  );
});

test('a server is overcommitted exactly while a promise finds fewer cards there than it was given', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
      const state = setup();
      steps.forEach((each, index) => {
        if (each.act !== 'undo') change(state, each, index);
        const found = Array.from({ length: SERVERS }, (_, server) => server).filter((server) =>
          [...state.tentativeSpansOf(server)].some(
            (span) => countedFree(state, server, span.interval, false, span.promiseId) < span.cards,
          ),
        );
        expect(overcommittedServers(state)).toEqual(found);
      });
    }),
    { numRuns: 200 },
  );
});

test('the pool counts every card of promises and bindings that share an hour', () => {
  const state = setup();
  const during = { startAt: instant(0), endAt: instant(10) };
  const shares = [{ server: 2, cards: 2 }];
  const promise = { id: 'p', cards: 2, topology: 'any', interval: during, shares, isBound: false } as const;
  state.addPromise(promise);
  for (const card of [0, 1, 2]) state.bind([{ id: `b${card}`, promiseId: 'r', card, interval: { ...during } }]);
  state.bind([{ id: 'later', promiseId: 'r', card: 3, interval: { startAt: instant(HOUR_MS), endAt: null } }]);
  expect(freeInPool(state, { startAt: instant(0), endAt: null })).toBe(7);
  expect(freeInPool(state, { startAt: instant(HOUR_MS), endAt: null })).toBe(11);
});
