import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fen, splitTax } from '#lib/core/money.ts';
import { creditPart, decideLines, leftOf, sumOf } from './split.ts';
import type { Amounts, CreditableLine } from './types.ts';

const NONE: Amounts = { grossFen: fen(0n), netFen: fen(0n), taxFen: fen(0n) };

const lineOf = (line: number, gross: bigint, credited: Amounts = NONE, taxRateBps = 600): CreditableLine => ({
  line,
  skuId: 'sku_1',
  taxRateBps,
  whole: { grossFen: fen(gross), ...splitTax(fen(gross), BigInt(taxRateBps)) },
  credited,
});

describe('a credited part of a line', () => {
  test('has net and tax by the rule of the invoice', () => {
    expect(creditPart(lineOf(1, 1_000_000n), fen(15_000n))).toEqual({
      grossFen: 15_000n,
      netFen: 14_151n,
      taxFen: 849n,
    });
    expect(creditPart(lineOf(1, 106n), fen(106n))).toEqual({ grossFen: 106n, netFen: 100n, taxFen: 6n });
  });

  test('sums with the others to the line, in gross, net and tax, and is never below nothing', () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 500n }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(parts, fc.constantFrom(0, 100, 300, 600, 1300), (amounts, rate) => {
        const gross = amounts.reduce((a, b) => a + b, 0n);
        let line = lineOf(1, gross, NONE, rate);
        for (const amount of amounts) {
          const part = creditPart(line, fen(amount));
          expect(part.netFen >= 0n && part.taxFen >= 0n && part.netFen + part.taxFen === amount).toBe(true);
          line = { ...line, credited: sumOf([line.credited, part]) };
        }
        expect(leftOf(line)).toEqual(NONE);
      }),
      { numRuns: 300, seed: 23 },
    );
  });
});

describe('what a note takes back', () => {
  const lines = [
    lineOf(1, 10_000n),
    lineOf(2, 5_000n, { grossFen: fen(4_000n), netFen: fen(3_774n), taxFen: fen(226n) }),
  ];

  test.each([
    [[{ line: 1, yuan: '12,5' }], { code: 'creditAmountUnreadable', line: 1 }],
    [[{ line: 1, yuan: '1.005' }], { code: 'creditAmountUnreadable', line: 1 }],
    [[{ line: 1, yuan: '-1' }], { code: 'creditAmountUnreadable', line: 1 }],
    [[{ line: 1, yuan: '100.01' }], { code: 'creditOverLine', line: 1, leftFen: '10000' }],
    [[{ line: 2, yuan: '10.01' }], { code: 'creditOverLine', line: 2, leftFen: '1000' }],
    [[{ line: 3, yuan: '1' }], { code: 'creditOverLine', line: 3, leftFen: '0' }],
    [
      [
        { line: 1, yuan: '60' },
        { line: 1, yuan: '60' },
      ],
      { code: 'creditOverLine', line: 1, leftFen: '0' },
    ],
    [[{ line: 1, yuan: '' }], { code: 'creditNothing' }],
    [[{ line: 1, yuan: '0.00' }], { code: 'creditNothing' }],
    [[], { code: 'creditNothing' }],
  ])('%j is refused: %j', (amounts, refusal) => {
    expect(decideLines(lines, { scope: 'lines', amounts })).toEqual({ ok: false, refusal });
  });

  test('is everything that is left, whatever stands in the fields', () => {
    const all = decideLines(lines, { scope: 'rest', amounts: [{ line: 1, yuan: 'x' }] });
    expect(all).toEqual({
      ok: true,
      value: [
        { line: 1, grossFen: 10_000n, netFen: 9_434n, taxFen: 566n },
        { line: 2, grossFen: 1_000n, netFen: 943n, taxFen: 57n },
      ],
    });
  });

  test('of an invoice with nothing left is refused', () => {
    const done = lineOf(1, 100n, { grossFen: fen(100n), netFen: fen(94n), taxFen: fen(6n) });
    expect(decideLines([done], { scope: 'rest', amounts: [] })).toEqual({
      ok: false,
      refusal: { code: 'creditNothing' },
    });
  });

  test('a thousand separator is read', () => {
    const [line] = [lineOf(1, 1_000_000n)];
    const read = decideLines([line], { scope: 'lines', amounts: [{ line: 1, yuan: '1,234.50' }] });
    expect(read).toMatchObject({ ok: true, value: [{ grossFen: 123_450n }] });
  });
});
