import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chargeToDate, earnedToDate, fen, priceE10, splitTax, units } from '#lib/core/money.ts';
import { equation } from './equation.ts';
import { RULES } from './rules.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });

test('a charge to date, an earned share and a net are what the code that charged makes them', () => {
  fc.assert(
    fc.property(amount, amount, fc.bigInt({ min: 1n, max: 10n ** 9n }), (price, weighted, term) => {
      const elapsed = weighted % (term + 1n);
      expect(equation('chargedAfter', { price, weighted }, chargeToDate(priceE10(price), weighted)).holds).toBe(true);
      const earned = earnedToDate(units(price), elapsed, term);
      expect(equation('earnedAfter', { termPrice: price, elapsed, term }, earned).holds).toBe(true);
      const { netFen, taxFen } = splitTax(fen(price), 600n);
      expect(equation('net', { gross: price, rate: 600n }, netFen).holds).toBe(true);
      expect(equation('tax', { gross: price, net: netFen }, taxFen).holds).toBe(true);
    }),
  );
});

test('what makes no sense does not hold, and breaks nothing', () => {
  expect(equation('earnedAfter', { termPrice: 5n, elapsed: 3n, term: 0n }, 0n)).toMatchObject({
    result: null,
    holds: false,
  });
  expect(equation('lineFen', { asked: 1n, line: 1n, charged: 0n, rank: 1n, missing: 0n }, 0n).holds).toBe(false);
  expect(equation('chargedAfter', { price: -1n, weighted: 1n }, 0n)).toMatchObject({ result: -1n, holds: false });
});

test('every rule names what its formula needs', () => {
  for (const [name, { figures, formula }] of Object.entries(RULES)) {
    expect(formula, name).not.toBe('');
    expect(Object.keys(figures).length, name).toBeGreaterThan(0);
  }
});
