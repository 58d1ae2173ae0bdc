import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SliceCluster } from './cluster.ts';
import { canHost } from './server-states.ts';
import { shape, spec } from './testing-slices.ts';
import type { Undo } from '#lib/core/undo.ts';

test('a slice may go to any distinct card that has room, whole cards go to the lowest idle ones', () => {
  const { states } = new SliceCluster([]);
  const slice = spec({ cardMilli: 470 });
  const [one] = states.after(states.idle(shape()), slice);
  expect(one?.cards).toEqual([530, 1_000, 1_000, 1_000]);
  if (!one) throw new Error('a server takes a slice');
  expect(states.after(one, slice).map(({ cards }) => cards)).toEqual([
    [60, 1_000, 1_000, 1_000],
    [530, 530, 1_000, 1_000],
  ]);
  expect(states.after(one, spec({ cards: 2 })).map(({ cards }) => cards)).toEqual([[530, 0, 0, 1_000]]);
  expect(states.after(one, spec({ cards: 4 }))).toEqual([]);
});

test('a server takes nothing beyond its CPU or memory, nor a card model that is not accepted', () => {
  const { states } = new SliceCluster([]);
  const idle = states.idle(shape());
  const fits = (change: Parameters<typeof spec>[0]) => states.after(idle, spec(change)).length > 0;
  expect(fits({ cpuMilli: 32_000 })).toBe(true);
  expect(fits({ cpuMilli: 32_001 })).toBe(false);
  expect(fits({ memoryMiB: 131_073 })).toBe(false);
  expect(fits({ models: ['B', 'A'] })).toBe(true);
  expect(fits({ models: ['B'] })).toBe(false);
  expect(fits({ models: ['B'], cards: 0, cardMilli: 0 })).toBe(true);
});

test('equal states are one object, by whatever way they came about', () => {
  const { states } = new SliceCluster([]);
  const idle = states.idle(shape());
  const a = spec({ cpuMilli: 1_000, cards: 0, cardMilli: 0 });
  const b = spec({ cpuMilli: 2_000, cards: 0, cardMilli: 0 });
  const [viaA] = states.after(idle, a).flatMap((state) => states.after(state, b));
  const [viaB] = states.after(idle, b).flatMap((state) => states.after(state, a));
  expect(viaA).toBe(viaB);
  expect(states.idle(shape())).toBe(idle);
});

test('taking placements back restores every server and every sum exactly', () => {
  const step = fc.record({
    server: fc.nat(2),
    pick: fc.nat(9),
    cpuMilli: fc.integer({ min: 0, max: 9_000 }),
    cards: fc.nat(4),
    cardMilli: fc.constantFrom(110, 470, 810, 1_000),
    isTakenBack: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const cluster = new SliceCluster([shape(), shape({ cards: 8 }), shape({ cards: 1, model: 'B' })]);
      const cpu = cluster.tally(({ cpuMilli }) => cpuMilli);
      const read = () => ({ servers: [...cluster.servers], free: cluster.freeMilli, cpu: cpu() });
      const kept: { readonly undo: Undo; readonly before: ReturnType<typeof read> }[] = [];
      for (const { server, pick, isTakenBack, ...asked } of steps) {
        const state = cluster.servers[server];
        const wanted = spec({ ...asked, cardMilli: asked.cards === 0 ? 0 : asked.cardMilli });
        const options = state ? cluster.states.after(state, wanted) : [];
        expect(options.length > 0).toBe(state !== undefined && canHost(state, wanted));
        const after = options[pick % Math.max(1, options.length)];
        if (!after) continue;
        const before = read();
        const undo = cluster.place(server, after);
        expect(cluster.freeMilli).toBe(before.free - wanted.cards * wanted.cardMilli);
        expect(cpu()).toBe(before.cpu - wanted.cpuMilli);
        if (isTakenBack) {
          undo();
          expect(read()).toEqual(before);
        } else kept.push({ undo, before });
      }
      for (const { undo, before } of kept.reverse()) {
        undo();
        expect(read()).toEqual(before);
      }
    }),
  );
});

test('a placement cannot be taken back over a later one, nor a server turn into another', () => {
  const cluster = new SliceCluster([shape(), shape({ cards: 8 })]);
  const take = (server: number) => {
    const [after] = cluster.servers[server] ? cluster.states.after(cluster.servers[server], spec()) : [];
    if (!after) throw new Error('there is room');
    return after;
  };
  const undo = cluster.place(0, take(0));
  cluster.place(0, take(0));
  expect(undo).toThrow('opposite order');
  expect(() => cluster.place(0, take(1))).toThrow('keeps its shape');
});
