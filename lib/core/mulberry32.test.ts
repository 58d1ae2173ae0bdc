import { expect, test } from 'vitest';
import { mulberry32 } from './mulberry32.ts';

test('a seed gives the published numbers, in [0, 1)', () => {
  const random = mulberry32(1);
  expect([random(), random(), random()].map((value) => Math.floor(value * 2 ** 32))).toEqual([
    2_693_262_067, 11_749_833, 2_265_367_787,
  ]);
});
