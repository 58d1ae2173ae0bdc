import { expect, test } from 'vitest';
import { SliceCluster } from './cluster.ts';
import { comingBy, drawFutures, FUTURES, strandedIn } from './forecast.ts';
import { shape, spec } from './testing-slices.ts';

const whole = spec();
const slice = spec({ cardMilli: 500 });
const cpuOnly = spec({ cards: 0, cardMilli: 0, cpuMilli: 8_000 });

test('at every step the futures together are as the popularity is', () => {
  const futures = drawFutures([
    { spec: whole, count: 300 },
    { spec: slice, count: 100 },
  ]);
  expect(futures).toHaveLength(FUTURES);
  for (const step of (futures[0] ?? []).keys())
    expect(futures.filter((future) => future[step] === slice)).toHaveLength(FUTURES / 4);
});

test('the same popularity gives the same futures; without any there is none to come', () => {
  const demands = [
    { spec: whole, count: 3 },
    { spec: slice, count: 2 },
  ];
  expect(drawFutures(demands)).toEqual(drawFutures(demands));
  expect(drawFutures([]).flat()).toEqual([]);
});

test('workloads without a card come by only where CPU runs out before cards', () => {
  const demands = [
    { spec: whole, count: 1 },
    { spec: cpuOnly, count: 1 },
  ];
  expect(comingBy(demands, [shape({ cards: 1, cpuMilli: 12_001 })])).toEqual(demands.slice(0, 1));
  expect(comingBy(demands, [shape({ cards: 1, cpuMilli: 11_999 })])).toEqual(demands);
});

test('what stays stranded: cards without CPU, pieces nobody asks for, models nobody accepts', () => {
  const { states } = new SliceCluster([]);
  const stranded = (change: Parameters<typeof shape>[0], ...future: Parameters<typeof states.after>[1][]): number =>
    strandedIn([future], states.idle(shape(change)));
  expect(stranded({ cards: 2 }, whole, whole)).toBe(0);
  expect(stranded({ cards: 2, cpuMilli: 7_999 }, whole, whole)).toBe(1_000);
  expect(stranded({ cards: 2, memoryMiB: 8_192 }, whole, whole)).toBe(1_000);
  expect(stranded({ cards: 2, cpuMilli: 11_999 }, cpuOnly, whole)).toBe(2_000);
  expect(stranded({ cards: 1 }, spec({ cardMilli: 810 }), slice)).toBe(190);
  expect(stranded({ cards: 1 }, spec({ models: ['B'] }), slice)).toBe(500);
  expect(stranded({ cards: 2 }, slice, spec({ cards: 2 }), slice)).toBe(1_000);
  expect(stranded({ cards: 4 }, spec({ cards: 2 }), slice, spec({ cards: 2 }))).toBe(1_500);
  const of = (cardMilli: number) => spec({ cardMilli });
  expect(stranded({ cards: 2 }, of(300), of(800), of(200), of(700))).toBe(0);
  expect(strandedIn([[whole], [slice]], states.idle(shape({ cards: 1 })))).toBe(500);
});
