import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fen, splitTax } from '#lib/core/money.ts';
import { sumOf, takeFrom } from './portion.ts';
import type { Amounts } from './types.ts';

const lineOf = (grossFen: bigint, rateBps = 600n): Amounts => ({
  grossFen: fen(grossFen),
  ...splitTax(fen(grossFen), rateBps),
});

describe('an amount taken from lines', () => {
  test('is whole lines first, in their order, and a part of the next', () => {
    const taken = takeFrom([lineOf(15_000n), lineOf(0n), lineOf(106n), lineOf(9n)], fen(15_053n));
    expect(taken).toEqual([
      { grossFen: 15_000n, netFen: 14_151n, taxFen: 849n },
      { grossFen: 53n, netFen: 50n, taxFen: 3n },
    ]);
  });

  test('of everything is the stored split of every line, to the fen, whatever a rate would give', () => {
    const odd: Amounts = { grossFen: fen(100n), netFen: fen(90n), taxFen: fen(10n) };
    expect(takeFrom([odd, lineOf(9n)], fen(109n))).toEqual([odd, { grossFen: 9n, netFen: 8n, taxFen: 1n }]);
  });

  test('sums to it, and what is taken and what is left are both proper lines, however often one takes', () => {
    const gross = fc.bigInt({ min: 0n, max: 10n ** 9n });
    const lines = fc.array(fc.tuple(gross, fc.constantFrom(0n, 100n, 300n, 600n, 1_300n)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 6 }), (made, shares) => {
        let left = made.map(([amount, rate], id) => ({ id, ...lineOf(amount, rate) }));
        const whole = sumOf(left);
        let [net, tax] = [0n, 0n];
        for (const share of [...shares, 100]) {
          const ask = fen((sumOf(left).grossFen * BigInt(share)) / 100n);
          const taken = takeFrom(left, ask);
          expect(sumOf(taken).grossFen).toBe(ask);
          const of = new Map(taken.map((line) => [line.id, line]));
          left = left.map((line) => ({
            id: line.id,
            grossFen: fen(line.grossFen - (of.get(line.id)?.grossFen ?? 0n)),
            netFen: fen(line.netFen - (of.get(line.id)?.netFen ?? 0n)),
            taxFen: fen(line.taxFen - (of.get(line.id)?.taxFen ?? 0n)),
          }));
          for (const line of [...taken, ...left]) {
            expect(line.netFen + line.taxFen).toBe(line.grossFen);
            expect(line.netFen >= 0n && line.taxFen >= 0n).toBe(true);
          }
          net += sumOf(taken).netFen;
          tax += sumOf(taken).taxFen;
        }
        expect([net, tax]).toEqual([whole.netFen, whole.taxFen]);
      }),
    );
  });
});
