import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteLines } from '#lib/catalog/price.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import { DAY_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { hourlyPlacement } from './amounts.ts';

/** Midnight in Shanghai. */
const MIDNIGHT = instant(Date.UTC(2026, 9, 31, 16));
const NIGHT = { fromHour: 0, toHour: 8, factorBps: 6_000 };
const EVENING = { fromHour: 18, toHour: 22, factorBps: 15_000 };
const banded: PriceVersion = {
  id: 'prv_1' as Id<'priceVersion'>,
  skuId: 'sku_1' as Id<'sku'>,
  validFrom: MIDNIGHT,
  priceE10PerCardHour: priceE10(123_456_789_013n),
  bands: [NIGHT, EVENING],
  terms: [],
};
const CARDS = 7;
const DAY_SECONDS = DAY_MS / 1_000;

test('90 days cost 90 times a day of bands: 8 night hours, 12 of the day, 4 of the evening', () => {
  const endAt = plusSeconds(MIDNIGHT, 90 * DAY_SECONDS);
  const { amountUnits, cardSeconds } = hourlyPlacement(banded, CARDS, MIDNIGHT, MIDNIGHT, endAt);
  // 8 × 0.6 + 12 + 4 × 1.5 = 22.8 full hours a day; a price of 1e-10 yuan is a hundredth of a unit.
  const oneCard = (123_456_789_013n * 228n * 90n) / 1_000n;
  expect(amountUnits).toBe(oneCard * BigInt(CARDS));
  expect(cardSeconds).toBe(BigInt(90 * DAY_SECONDS * CARDS));
  const lines = quoteLines(banded, { startAt: MIDNIGHT, endAt });
  expect(lines.map(({ factorBps, seconds }) => [factorBps, seconds / 3_600])).toEqual([
    [6_000, 720],
    [10_000, 1_080],
    [15_000, 360],
  ]);
  expect(lines.reduce((sum, line) => sum + line.amountUnits, 0n) * BigInt(CARDS)).toBe(amountUnits);
});

test('a long booking that is held in any steps is held for exactly what the whole costs', () => {
  const seconds = fc.integer({ min: 1, max: 90 * DAY_SECONDS });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: DAY_SECONDS }),
      fc.uniqueArray(seconds, { maxLength: 6 }),
      seconds,
      (offset, cuts, length) => {
        const startAt = plusSeconds(MIDNIGHT, offset);
        const endAt = plusSeconds(startAt, length);
        const steps = [...cuts.filter((cut) => cut < length).sort((a, b) => a - b), length];
        let from = startAt;
        let held = 0n;
        for (const step of steps) {
          const to = plusSeconds(startAt, step);
          held += hourlyPlacement(banded, CARDS, startAt, from, to).amountUnits;
          from = to;
        }
        expect(held).toBe(hourlyPlacement(banded, CARDS, startAt, startAt, endAt).amountUnits);
      },
    ),
    { numRuns: 40 },
  );
});
