import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chargeToDate, priceE10, units } from '#lib/core/money.ts';
import { rate } from './rate.ts';

const price = priceE10(123_456_789_013n);
const nothing = { weightedSeconds: 0n, chargedUnits: 0n };

test('hours by the hour sum to the charge of all their seconds, whatever the bands', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3_600), fc.integer({ min: 0, max: 20_000 })), { maxLength: 50 }), (hours) => {
      let before = nothing;
      let sum = 0n;
      for (const [usedSeconds, band] of hours) {
        const rated = rate({ usedSeconds, unusedSeconds: 0, term: null, before }, price, band);
        sum += rated.amountUnits;
        before = rated;
      }
      const weighted = hours.reduce((total, [used, band]) => total + BigInt(used) * BigInt(band), 0n);
      expect(sum).toBe(chargeToDate(price, weighted));
    }),
  );
});

test('a term that is used or left unused to its end earns exactly its price', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 14n }),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(40),
      (priceUnits, hours, leftAfter) => {
        const term = { seconds: hours * 3_600, priceUnits };
        let before = nothing;
        let sum = 0n;
        for (let hour = 0; hour < hours; hour += 1) {
          const isUsed = hour < leftAfter;
          const rated = rate(
            { usedSeconds: isUsed ? 3_600 : 0, unusedSeconds: isUsed ? 0 : 3_600, term, before },
            price,
            10_000,
          );
          sum += rated.amountUnits;
          before = rated;
        }
        expect(sum).toBe(priceUnits);
      },
    ),
  );
});

test('down time earns nothing', () => {
  const term = { seconds: 7_200, priceUnits: 100n };
  expect(rate({ usedSeconds: 1_800, unusedSeconds: 0, term, before: nothing }, price, 10_000).amountUnits).toBe(
    units(25n),
  );
});
