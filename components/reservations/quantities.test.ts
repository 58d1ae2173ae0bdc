import { expect, test } from 'vitest';
import { formatGib, formatPower, shortPath } from './quantities.ts';

test('quantities of devices are short and say their unit', () => {
  expect(formatGib(96 * 2 ** 30)).toBe('96');
  expect(formatGib(2 ** 30 - 1)).toBe('0');
  expect(formatGib(10_000 * 96 * 2 ** 30)).toBe('960,000');
  expect(formatPower(96_499)).toBe('96 W');
  expect(formatPower(9_999_000)).toBe('9,999 W');
  expect(formatPower(12_345_678)).toBe('12.3 kW');
});

test('a path begins below its site', () => {
  expect(shortPath('gd/sg/pod-01/sn-02/srv-3')).toBe('pod-01/sn-02/srv-3');
});
