import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chargeToDate,
  divFloor,
  meanPrice,
  earnedToDate,
  fen,
  floorToFen,
  parseDecimal,
  parseFen,
  parsePrice,
  priceE10,
  splitByLargestRemainder,
  splitTax,
  toDecimal,
  units,
} from './money.ts';

const price = fc.bigInt({ min: 0n, max: 10n ** 13n }).map(priceE10);
const seconds = fc.bigInt({ min: 0n, max: 400n * 86_400n });

describe('charge to date', () => {
  test('12.50 yuan for 2,700 seconds is 9.375 yuan', () => {
    expect(chargeToDate(priceE10(125_000_000_000n), 2_700n * 10_000n)).toBe(937_500_000n);
  });

  test('floors in favour of the customer', () => {
    expect(chargeToDate(priceE10(1n), 359_999n * 10_000n)).toBe(0n);
    expect(chargeToDate(priceE10(1n), 360_000n * 10_000n)).toBe(1n);
  });

  test('however a time is split, the parts sum to the whole', () => {
    fc.assert(
      fc.property(price, fc.array(fc.tuple(seconds, fc.bigInt({ min: 0n, max: 20_000n }))), (p, parts) => {
        let weighted = 0n;
        let charged = 0n;
        for (const [s, band] of parts) {
          const before = chargeToDate(p, weighted);
          weighted += s * band;
          charged += chargeToDate(p, weighted) - before;
        }
        expect(charged).toBe(chargeToDate(p, weighted));
      }),
    );
  });

  test('does not overflow 64 bits: 100 yuan for three years', () => {
    expect(chargeToDate(priceE10(10n ** 12n), 3n * 365n * 86_400n * 10_000n)).toBe(
      3n * 365n * 24n * 100n * 100_000_000n,
    );
  });
});

test('a term is earned in parts that sum to its price', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 15n }),
      fc.bigInt({ min: 1n, max: 10n ** 7n }),
      fc.array(fc.nat(3_600)),
      (paid, term, steps) => {
        let elapsed = 0n;
        let earned = 0n;
        for (const step of [...steps.map(BigInt), term]) {
          const next = elapsed + step > term ? term : elapsed + step;
          earned += earnedToDate(units(paid), next, term) - earnedToDate(units(paid), elapsed, term);
          elapsed = next;
        }
        expect(earned).toBe(paid);
      },
    ),
  );
});

describe('tax', () => {
  // Tencent's invoice of 2024-04-29 and the one-fen cases of the fact sheet.
  test.each([
    [15_000n, 14_151n, 849n],
    [1n, 1n, 0n],
    [9n, 8n, 1n],
    [106n, 100n, 6n],
    [1_000_000n, 943_396n, 56_604n],
  ])('%d fen gross is %d net and %d tax', (gross, net, tax) => {
    expect(splitTax(fen(gross), 600n)).toEqual({ netFen: net, taxFen: tax });
  });

  test('net and tax always sum to gross', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n }), fc.bigInt({ min: 0n, max: 2_000n }), (gross, rate) => {
        const { netFen, taxFen } = splitTax(fen(gross), rate);
        expect(netFen + taxFen).toBe(gross);
        expect(taxFen >= 0n).toBe(true);
      }),
    );
  });
});

test('largest remainder: parts sum to the total and no part is off by a fen or more', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 12n }),
      fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1 }),
      (total, weights) => {
        fc.pre(weights.some((w) => w > 0n));
        const parts = splitByLargestRemainder(fen(total), weights);
        const sum = weights.reduce((a, b) => a + b, 0n);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
        parts.forEach((part, i) => {
          const gap = part * sum - total * (weights[i] ?? 0n);
          expect(gap < sum && gap > -sum).toBe(true);
        });
      },
    ),
  );
});

describe('decimals', () => {
  test.each([
    ['12.5', 125_000_000_000n],
    ['0', 0n],
    ['0.0000000001', 1n],
    ['1.00000000001', null],
    ['-1', null],
    ['1e3', null],
    ['', null],
    ['１', null],
    ['1.', null],
  ])('price %j reads as %s', (text, value) => expect(parsePrice(text)).toBe(value));

  test.each([
    ['1234.50', 123_450n],
    ['1234.505', null],
    ['999999999999999', 99_999_999_999_999_900n],
    ['9999999999999999', null],
    [' 1', null],
  ])('yuan %j reads as %s fen', (text, value) => expect(parseFen(text)).toBe(value));

  test('writing and reading is the identity', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (v) => {
        expect(parseDecimal(toDecimal(v, 8, 8), 8)).toBe(v);
      }),
    );
  });

  test('truncates towards zero and keeps the sign', () => {
    expect(toDecimal(-123_456_789n, 8, 2)).toBe('-1.23');
    expect(toDecimal(5n, 2, 2)).toBe('0.05');
  });

  test('floor division of negatives goes down, fen of a negative wallet too', () => {
    expect(divFloor(-1n, 2n)).toBe(-1n);
    expect(floorToFen(units(-1n))).toBe(-1n);
  });
});

describe('what a card-hour came to on average', () => {
  test.each([
    [680_000_000_000n, 2_419_200n, 101_190_000_000n],
    [1_200_000_000n, 3_600n, 120_000_000_000n],
    [5_000n, 3_600n, 1_000_000n],
    [4_999n, 3_600n, 0n],
  ])('of %d units over %d seconds', (amount, seconds, mean) => {
    expect(meanPrice(units(amount), seconds)).toBe(mean);
  });

  test('is nothing where no second was charged, or more was given back than used', () => {
    expect(meanPrice(units(0n), 0n)).toBeNull();
    expect(meanPrice(units(-1n), 3_600n)).toBeNull();
  });
});
