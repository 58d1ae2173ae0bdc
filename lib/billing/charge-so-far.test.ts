import { expect, test } from 'vitest';
import { cardCharge } from '#lib/catalog/price.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { priceE10 } from '#lib/core/money.ts';
import { chargeSoFar } from './charge-so-far.ts';

/** 2026-11-02 23:00 in Shanghai; the night band begins an hour later. */
const AT = instant(Date.UTC(2026, 10, 2, 15));
const price: PriceVersion = {
  id: 'prv_a' as Id<'priceVersion'>,
  skuId: 'sku_a' as Id<'sku'>,
  validFrom: instant(0),
  priceE10PerCardHour: priceE10(123_456_789_011n),
  returnShareBps: 5_000,
  bands: [{ fromHour: 0, toHour: 8, factorBps: 7_000 }],
  terms: [],
};
const none = { weightedSeconds: 0n, chargedUnits: 0n };
const hour = (hourAt: Instant, usedSeconds: number, group = 'a', allocations = 1) => ({
  group,
  allocations,
  hourAt,
  usedSeconds,
  before: none,
});

test('nothing used costs nothing', () => {
  expect(chargeSoFar(price, [])).toBe(0n);
  expect(chargeSoFar(price, [hour(AT, 0)])).toBe(0n);
});

test('over several hours and bands it is what the price says of the whole', () => {
  const next = instant(AT + HOUR_MS);
  const whole = cardCharge(price, { startAt: AT, endAt: plusSeconds(next, 1_234) });
  expect(chargeSoFar(price, [hour(AT, 3_600), hour(next, 1_234)])).toBe(whole);
  expect(chargeSoFar(price, [hour(AT, 3_600, 'a', 7), hour(next, 1_234, 'a', 7)])).toBe(7n * whole);
});

test('it goes on from what was charged before', () => {
  const first = cardCharge(price, { startAt: AT, endAt: plusSeconds(AT, 1_000) });
  const all = cardCharge(price, { startAt: AT, endAt: plusSeconds(AT, 1_777) });
  const before = { weightedSeconds: 10_000_000n, chargedUnits: first };
  expect(chargeSoFar(price, [{ ...hour(AT, 777), before }])).toBe(all - first);
});
