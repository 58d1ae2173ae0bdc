import { expect, test } from 'vitest';
import { SliceCluster } from './cluster.ts';
import { isShort, reservesFor, roomFor } from './reserve.ts';
import { shape, spec } from './testing-slices.ts';

const single = { spec: spec(), count: 60 };
const pair = { spec: spec({ cards: 2 }), count: 10 };
const four = { spec: spec({ cards: 4 }), count: 5 };

test('several cards of one server are reserved for, with the demand for what is rarer still; single cards are not', () => {
  expect(reservesFor([single, pair, four])).toEqual([
    { spec: pair.spec, demandParts: 4_000 },
    { spec: four.spec, demandParts: 2_000 },
  ]);
  expect(reservesFor([single, { ...pair, count: 1_000 }, { ...four, count: 4 }])).toHaveLength(1);
  expect(reservesFor([single])).toEqual([]);
  expect(reservesFor([])).toEqual([]);
});

test('single cards of named models are reserved for, all sizes of them together', () => {
  const named = spec({ models: ['B'], cardMilli: 500 });
  const reserves = reservesFor([
    single,
    { spec: named, count: 40 },
    { spec: { ...named, cardMilli: 1_000, cpuMilli: 1 }, count: 20 },
  ]);
  expect(reserves).toEqual([{ spec: named, demandParts: 4_000 }]);
});

test('room is what the workloads of a reserve could take at once', () => {
  const { states } = new SliceCluster([]);
  const [reserve] = reservesFor([pair]);
  if (!reserve) throw new Error('pairs are reserved for');
  const room = (change: Parameters<typeof shape>[0]) => roomFor(reserve, states.idle(shape(change)));
  expect(room({ cards: 5 })).toBe(4_000);
  expect(room({ cards: 1 })).toBe(0);
  expect(room({ cpuMilli: 7_999 })).toBe(2_000);
  expect(room({ memoryMiB: 16_383 })).toBe(2_000);
  const named = { spec: spec({ models: ['B'] }), demandParts: 1 };
  expect(roomFor(named, states.idle(shape()))).toBe(0);
  expect(roomFor(named, states.idle(shape({ model: 'B' })))).toBe(4_000);
});

test('a reserve is short at one and a half times its share of what is free', () => {
  const reserve = { spec: pair.spec, demandParts: 2_000 };
  expect(isShort(reserve, 30_000, 100_000)).toBe(true);
  expect(isShort(reserve, 30_001, 100_000)).toBe(false);
});
