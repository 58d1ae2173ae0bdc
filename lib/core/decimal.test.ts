import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareDecimals, decimal, decimalText, plus, readDecimal, roundedQuotient, times } from './decimal.ts';

describe('exact decimals', () => {
  test.each([
    [0n, 8, '0'],
    [1n, 8, '0.00000001'],
    [-1n, 8, '-0.00000001'],
    [1_250_000_000n, 8, '12.5'],
    [-1_200n, 2, '-12'],
    [7n, 0, '7'],
    [100n, 0, '100'],
  ])('%i at %i digits is written %s', (value, scale, text) => expect(decimalText(decimal(value, scale))).toBe(text));

  test.each(['', '-', '1.', '.5', '1e3', '+1', '1,000', ' 1', '0x1', '１'])('%j is no decimal', (text) =>
    expect(readDecimal(text)).toBeNull(),
  );

  test('what is written is read back as the same number, and sums and products are exact', () => {
    const any = fc.record({ value: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), scale: fc.nat(24) });
    fc.assert(
      fc.property(any, any, (a, b) => {
        const back = readDecimal(decimalText(a)) ?? decimal(-1n, 0);
        expect(compareDecimals(back, a)).toBe(0);
        expect(compareDecimals(plus(a, b), plus(b, a))).toBe(0);
        expect(times(a, b).value).toBe(a.value * b.value);
      }),
    );
  });

  test('halves round away from zero, alike on both sides', () => {
    expect([5n, -5n, 4n, -4n, 15n].map((n) => roundedQuotient(n, 10n))).toEqual([1n, -1n, 0n, -0n, 2n]);
    expect(() => roundedQuotient(1n, 0n)).toThrow();
  });
});
