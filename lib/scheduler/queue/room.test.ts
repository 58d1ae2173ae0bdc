import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Instant, instant, MINUTE_MS } from '#lib/core/instant.ts';
import { endOf } from '#lib/core/interval.ts';
import { TOPOLOGIES } from '#lib/core/topology.ts';
import type { PromisedBlock, QueuedJob, QueueSnapshot, RunningJob } from '../queue-types.ts';
import type { Share } from '../types.ts';
import { fits } from './fit.ts';
import { Room } from './room.ts';
import { at, job, snapshot, T0 } from './testing.ts';

const SERVERS = 6;
const SIZE = 4;
const SUPERNODES = [
  [0, 1],
  [2, 3],
  [4, 5],
];
const MINUTES = 40;

type Hold = { readonly from: number; readonly until: number | null; readonly shares: readonly Share[] };

const shares = fc
  .uniqueArray(fc.record({ server: fc.nat(SERVERS - 1), cards: fc.integer({ min: 1, max: SIZE }) }), {
    minLength: 1,
    maxLength: 3,
    selector: ({ server }) => server,
  })
  .map((drawn): readonly Share[] => drawn);
const holds = fc.array(
  fc.record({
    from: fc.oneof(fc.integer({ min: -5, max: 0 }), fc.integer({ min: 1, max: MINUTES })),
    minutes: fc.integer({ min: 1, max: 30 }),
    shares,
  }),
  { minLength: 6, maxLength: 24, size: 'max' },
);
const wishes = fc.record({
  cards: fc.integer({ min: 1, max: 3 * SIZE }),
  topology: fc.constantFrom(...TOPOLOGIES),
  minutes: fc.integer({ min: 1, max: 30 }),
});

/** Holds as far as they fit beside each other, some of them without an end. */
function sideBySide(drawn: readonly { from: number; minutes: number; shares: readonly Share[] }[]): Hold[] {
  const kept: Hold[] = [];
  for (const [i, { from, minutes, shares: wanted }] of drawn.entries()) {
    const hold: Hold = { from, until: i % 9 === 8 ? null : from + minutes, shares: wanted };
    const isThere = Array.from({ length: 2 * MINUTES }, (_, n) => n - 5).every((minute) =>
      freeAt([...kept, hold], minute).every((cards) => cards >= 0),
    );
    if (isThere) kept.push(hold);
  }
  return kept;
}

function freeAt(all: readonly Hold[], minute: number): number[] {
  const free = new Array<number>(SERVERS).fill(SIZE);
  for (const { from, until, shares: held } of all)
    if (from <= minute && (until === null || minute < until))
      for (const { server, cards } of held) free[server] = (free[server] ?? 0) - cards;
  return free;
}

/** What is free throughout some minutes, looked at minute by minute. */
function freeThrough(all: readonly Hold[], from: number, until: number): Int32Array {
  const least = Int32Array.from(freeAt(all, from));
  for (let minute = from + 1; minute < until; minute += 1)
    freeAt(all, minute).forEach((cards, server) => {
      least[server] = Math.min(least[server] ?? 0, cards);
    });
  return least;
}

/** What has begun runs, every second of it as a job; the rest is promised. */
function poolOf(all: readonly Hold[]): QueueSnapshot {
  const running: RunningJob[] = [];
  const promises: PromisedBlock[] = [];
  for (const [i, { from, until, shares: held }] of all.entries()) {
    const interval = { startAt: at(from), endAt: until === null ? null : at(until) };
    if (from > 0 || until === null || i % 2 === 0) promises.push({ interval, shares: held });
    else
      running.push({
        id: `r${i}`,
        accountId: '',
        tier: 'standard',
        startedAt: interval.startAt,
        endAt: endOf(interval),
        shares: held,
        isLeaving: false,
      });
  }
  return snapshot({
    serverSize: SIZE,
    serverCards: new Array<number>(SERVERS).fill(SIZE),
    supernodes: SUPERNODES,
    supernodeSize: 2 * SIZE,
    running,
    promises,
  });
}

const minutesOf = (time: Instant | null): number | null => (time === null ? null : (time - T0) / MINUTE_MS);

test('what is free over a time is what looking at every minute of it finds, also after something was taken', () => {
  fc.assert(
    fc.property(holds, fc.nat(MINUTES), fc.integer({ min: 1, max: 30 }), (drawn, from, minutes) => {
      const all = sideBySide(drawn);
      const room = new Room(poolOf(all));
      const agrees = (): void => {
        expect([...room.freeOver(at(from), at(from + minutes))]).toEqual([...freeThrough(all, from, from + minutes)]);
        expect([...room.freeUntil(at(minutes))]).toEqual([...freeThrough(all, 0, minutes)]);
      };
      agrees();
      const until = minutes + 3;
      const taken = [...freeThrough(all, 0, until)].flatMap((cards, server) => (cards > 0 ? [{ server, cards }] : []));
      room.take(taken, at(until));
      all.push({ from: 0, until, shares: taken });
      agrees();
    }),
  );
});

test('the first time for a job is the first minute from which it fits throughout', () => {
  let [found, waited] = [0, 0];
  fc.assert(
    fc.property(holds, wishes, (drawn, { cards, topology, minutes }) => {
      const all = sideBySide(drawn);
      const pool = poolOf(all);
      const wish: QueuedJob = job('j', cards, minutes, { topology });
      // After the last end nothing changes any more.
      const starts = Array.from({ length: 2 * MINUTES }, (_, minute) => minute);
      const first = starts.find((minute) => fits(freeThrough(all, minute, minute + minutes), pool, wish)) ?? null;
      expect(minutesOf(new Room(pool).firstTime(wish))).toBe(first);
      found += first === null ? 0 : 1;
      waited += first !== null && first > 0 ? 1 : 0;
    }),
    { numRuns: 1_000 },
  );
  // Drawn often enough to mean something.
  expect(found).toBeGreaterThan(300);
  expect(waited).toBeGreaterThan(100);
});

test('a room of nothing but what is free now is that, however long', () => {
  const room = new Room(snapshot({ serverCards: [8, 3] }));
  expect([...room.freeUntil(instant(T0 + 1e12))]).toEqual([8, 3]);
  expect(room.firstTime(job('j', 12, 10))).toBeNull();
  expect(room.firstTime(job('j', 8, 10))).toBe(T0);
});
