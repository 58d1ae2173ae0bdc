import { expect, test } from 'vitest';
import { fragmentation, fragmentationScore, targetOf } from './fragmentation.ts';
import type { ServerState } from './server-states.ts';
import { shape, spec } from './testing-slices.ts';

function state(cards: readonly number[], change: Partial<ServerState> = {}): ServerState {
  return {
    ...shape({ cards: cards.length }),
    cards,
    freeMilli: cards.reduce((sum, free) => sum + free, 0),
    idleCards: cards.filter((free) => free === 1_000).length,
    ...change,
  };
}

test.each([
  ['what lies on cards with too little room, when it fits', spec({ cardMilli: 500 }), 190],
  ['nothing, when every card has room', spec({ cardMilli: 100 }), 0],
  ['everything, when it needs more cards than have room', spec({ cards: 3 }), 1_720],
  ['everything, when there is too little CPU', spec({ cpuMilli: 33_000 }), 1_720],
  ['everything, when the model is not accepted', spec({ models: ['B'] }), 1_720],
  ['everything, when it needs no card', spec({ cards: 0, cardMilli: 0 }), 1_720],
])('of 190, 530 and 1,000 free, a spec cannot use %s', (_, wanted, expected) => {
  expect(fragmentation(state([190, 530, 1_000]), [{ spec: wanted, count: 3 }])).toBe(expected);
});

test('fragmentation is the mean over the target, by popularity', () => {
  const target = [
    { spec: spec({ cardMilli: 500 }), count: 3 },
    { spec: spec({ cards: 3 }), count: 1 },
  ];
  expect(fragmentation(state([190, 530, 1_000]), target)).toBe((3 * 190 + 1_720) / 4);
});

test('the score is cut to whole points: 50 when nothing changes, and small changes are lost below it only', () => {
  expect(fragmentationScore(1_000, 1_000)).toBe(50);
  expect(fragmentationScore(1_000, 999)).toBe(50);
  expect(fragmentationScore(1_000, 1_001)).toBe(49);
  expect(fragmentationScore(1_000, 960)).toBe(50);
  expect(fragmentationScore(1_000, 959)).toBe(51);
  expect(fragmentationScore(8_000, 0)).toBe(99);
});

test('the target is the most popular specs until 95 of 100 workloads are covered, memory left aside', () => {
  const target = targetOf([
    { spec: spec({ cardMilli: 110 }), count: 4 },
    { spec: spec({ memoryMiB: 1 }), count: 30 },
    { spec: spec({ cards: 0, cardMilli: 0 }), count: 35 },
    { spec: spec({ memoryMiB: 2 }), count: 30 },
    { spec: spec({ cards: 8 }), count: 1 },
  ]);
  expect(target.map((each) => [each.spec.cards, each.count])).toEqual([
    [1, 60],
    [0, 35],
  ]);
  expect(target.map((each) => each.spec.memoryMiB)).toEqual([0, 0]);
});
