import { describe, expect, test } from 'vitest';
import { type Instant, parseInstant } from '#lib/core/instant.ts';
import { fen, priceE10, units } from '#lib/core/money.ts';
import { formatCardHours } from './card-hours.ts';
import { formatCount, groupDigits } from './digits.ts';
import { durationParts } from './duration.ts';
import { formatDate, formatInstant, formatTimeOfDay } from './instant.ts';
import { formatFen, formatPrice, formatUnits, formatUnitsExact } from './money.ts';

test.each([
  ['0', '0'],
  ['999', '999'],
  ['1000', '1,000'],
  ['-1234567.5', '-1,234,567.5'],
  ['123456.123456', '123,456.123456'],
])('digits of %s', (text, grouped) => expect(groupDigits(text)).toBe(grouped));

describe('money', () => {
  test.each([
    [0n, '¥0.00'],
    [5n, '¥0.05'],
    [123_450n, '¥1,234.50'],
    [-1_230n, '-¥12.30'],
    [900_719_925_474_099_300n, '¥9,007,199,254,740,993.00'],
  ])('%d fen', (amount, text) => expect(formatFen(fen(amount))).toBe(text));

  test('units are shown in whole fen, rounded down, and never up to zero', () => {
    expect(formatUnits(units(199_999_999n))).toBe('¥1.99');
    expect(formatUnits(units(-1n))).toBe('-¥0.01');
  });

  test('exact amounts show every digit and at least two', () => {
    expect(formatUnitsExact(units(937_500_000n))).toBe('¥9.375');
    expect(formatUnitsExact(units(1n))).toBe('¥0.00000001');
    expect(formatUnitsExact(units(100_000_000_000n))).toBe('¥1,000.00');
    expect(formatUnitsExact(units(-150_000_000n))).toBe('-¥1.50');
  });

  test('prices show four decimals, or all', () => {
    expect(formatPrice(priceE10(125_000_000_000n))).toBe('¥12.5000');
    expect(formatPrice(priceE10(1n))).toBe('¥0.0000000001');
    expect(formatPrice(priceE10(123_456_700_000n))).toBe('¥12.34567');
  });
});

test('card-hours are rounded down', () => {
  expect(formatCardHours(9_000)).toBe('2.50');
  expect(formatCardHours(3_599n)).toBe('0.99');
  expect(formatCardHours(36_000_000_000n)).toBe('10,000,000.00');
});

test('counts of any size', () =>
  expect([formatCount(10_000), formatCount(10n ** 18n)]).toEqual(['10,000', '1,000,000,000,000,000,000']));

describe('time is Beijing time', () => {
  const at = (text: string): Instant => parseInstant(text) ?? (Number.NaN as Instant);

  test('across the day’s edge', () => {
    expect(formatInstant(at('2026-11-20T16:00:00Z'))).toBe('2026-11-21 00:00');
    expect(formatInstant(at('2026-11-21T05:59:59.999Z'), 'seconds')).toBe('2026-11-21 13:59:59');
    expect(formatDate(at('2026-12-31T16:00:00Z'))).toBe('2027-01-01');
    expect(formatTimeOfDay(at('2026-11-21T06:00:00Z'))).toBe('14:00');
  });
});

test.each([
  [0, '0 seconds'],
  [-5, '0 seconds'],
  [59, '59 seconds'],
  [60, '1 minutes'],
  [3_725, '1 hours 2 minutes'],
  [12_000, '3 hours 20 minutes'],
  [86_400 + 59, '1 days'],
  [93_784n, '1 days 2 hours'],
  [3_600 * 24 * 90, '90 days'],
])('%d seconds', (seconds, text) =>
  expect(
    durationParts(seconds)
      .map(({ unit, count }) => `${count} ${unit}`)
      .join(' '),
  ).toBe(text),
);
