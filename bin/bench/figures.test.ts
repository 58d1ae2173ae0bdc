import { expect, test } from 'vitest';
import { median, percentile, rounded } from './figures.ts';

test('the median of an even count is the lower of its two middle figures, whatever their order', () => {
  expect(median([4, 1, 3, 2])).toBe(2);
  expect(median([30, 4, 100])).toBe(30);
});

test('a percentile is a figure that was measured', () => {
  const figures = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect([percentile(figures, 0.99), percentile(figures, 1), percentile([7], 0.5)]).toEqual([198, 200, 7]);
});

test('nothing has no median', () => {
  expect(() => median([])).toThrow('no figures');
});

test('figures are told to four digits', () => {
  expect([rounded(0.0012345678), rounded(123_456), rounded(0)]).toEqual([0.001235, 123_500, 0]);
});
