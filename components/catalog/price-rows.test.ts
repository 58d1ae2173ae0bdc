import { expect, test } from 'vitest';
import type { PriceVersion, Purchase, Sku } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { priceRows } from './price-rows.ts';

function sku(pool: string, purchase: Purchase, totalCards: number, price: Partial<PriceVersion> | null): Sku {
  return {
    id: `sku_${pool}-${purchase}` as Id<'sku'>,
    poolId: `pol_${pool}` as Id<'pool'>,
    siteId: 'sit_x' as Id<'site'>,
    siteName: { zh: '韶关', en: 'Shaoguan' },
    purchase,
    taxRateBps: 600,
    model: { id: 'm', vendor: 'T-Head', name: '真武 810E', arch: 'a', memoryMib: 1, icnGbPerSec: 1, powerWatts: 1 },
    shape: { poolId: `pol_${pool}` as Id<'pool'>, totalCards, cardsPerServer: 16, cardsPerSupernode: 64 },
    tiers: [],
    price: price && {
      id: 'prv_x' as Id<'priceVersion'>,
      skuId: 'sku_x' as Id<'sku'>,
      validFrom: instant(0),
      returnShareBps: 5_000,
      priceE10PerCardHour: priceE10(125_000_000_000n),
      bands: [],
      terms: [],
      ...price,
    },
  };
}

test('both ways to buy stand in one row, the largest site first', () => {
  const rows = priceRows([
    sku('small', 'by-hour', 256, {}),
    sku('large', 'by-card', 10_000, { terms: [{ term: 'day', termSeconds: 86_400, factorBps: 9_000 }] }),
    sku('large', 'by-hour', 10_000, { bands: [{ fromHour: 0, toHour: 8, factorBps: 7_000 }] }),
  ]);
  expect(rows.map(({ poolId }) => poolId)).toEqual(['pol_large', 'pol_small']);
  expect(rows[0]).toMatchObject({ hour: 125_000_000_000n, bands: [{ fromHour: 0, toHour: 8, e10: 87_500_000_000n }] });
  expect(rows[0]?.terms.get('day')).toEqual({ e10: 112_500_000_000n, totalUnits: 270_00000000n });
  expect(rows[1]?.terms.size).toBe(0);
});

test('what has no price in force is not shown', () => {
  expect(priceRows([sku('large', 'by-hour', 10_000, null)])).toEqual([]);
});
