import { expect, test } from 'vitest';
import { chooseSpares, type SpareCandidate } from './spare-choice.ts';

const card = (podId: string, wish: Partial<SpareCandidate> = {}): SpareCandidate => ({
  podId,
  isOnSale: true,
  isSpare: false,
  isFree: true,
  ...wish,
});
const pod = (podId: string, size: number): SpareCandidate[] => Array.from({ length: size }, () => card(podId));
const spare = (podId: string, isFree = true) => card(podId, { isOnSale: false, isSpare: true, isFree });

test('each pod gives its part, rounded down, from its last card backwards', () => {
  expect(chooseSpares([...pod('a', 10), ...pod('b', 5)], 2_000)).toEqual({ toSpare: [8, 9, 14], toSale: [], short: 0 });
  expect(chooseSpares(pod('a', 9), 1_000)).toEqual({ toSpare: [], toSale: [], short: 0 });
});

test('nobody’s card is taken, and what is missing is counted', () => {
  const cards = pod('a', 10).map((each, i) => ({ ...each, isFree: i === 2 }));
  expect(chooseSpares(cards, 2_000)).toEqual({ toSpare: [2], toSale: [], short: 1 });
});

test('what is kept already counts, and cards withheld for other reasons do not', () => {
  const withheld = card('a', { isOnSale: false });
  expect(chooseSpares([...pod('a', 8), withheld, spare('a'), spare('a', false)], 3_000)).toEqual({
    toSpare: [7],
    toSale: [],
    short: 0,
  });
});

test('a smaller share gives back those in use first, then the first of the pod', () => {
  const cards = [...pod('a', 6), spare('a'), spare('a'), spare('a', false), spare('a')];
  expect(chooseSpares(cards, 2_000)).toEqual({ toSpare: [], toSale: [8, 6], short: 0 });
  expect(chooseSpares(cards, 0).toSale).toEqual([8, 6, 7, 9]);
  expect(chooseSpares(cards, 4_000)).toEqual({ toSpare: [], toSale: [], short: 0 });
});

test('a share beyond the bounds is no share', () => {
  for (const bps of [-1, 5_001, 0.5, Number.NaN]) expect(() => chooseSpares([], bps)).toThrow('is no share');
});
