import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { parsePrice, units } from '#lib/core/money.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import type { Voucher } from '#lib/vouchers/types.ts';
import { type Draw, runsOutAt } from './forecast.ts';

const T0 = instant(Date.UTC(2026, 10, 2));
const at = (hours: number): Instant => instant(T0 + hours * HOUR_MS);
const YUAN = 100_000_000n;
const price = {
  id: idFrom('priceVersion', 'prv_1'),
  priceE10PerCardHour: present(parsePrice('10'), 'a price'),
  bands: [],
} satisfies Partial<PriceVersion>;
const draw = (cards: number, siteId = 'sit_a'): Draw => ({
  price: price as Partial<PriceVersion> as PriceVersion,
  cards,
  startAt: T0,
  heldUntil: T0,
  paid: { siteId, modelId: 'zw810e', purchase: 'by-hour' },
});
const voucher = (id: string, yuan: bigint, change: Partial<Voucher> = {}): Voucher => ({
  grantId: idFrom('promoGrant', `prm_${id}`),
  organisationId: idFrom('organisation', 'org_1'),
  scope: { siteIds: [], modelIds: [], purchases: [] },
  priority: 1,
  validFrom: T0,
  validUntil: at(1_000),
  grantedAt: T0,
  leftUnits: units(yuan * YUAN),
  ...change,
});
const out = (yuan: bigint, draws: readonly Draw[], vouchers: readonly Voucher[] = []) => {
  const when = runsOutAt(units(yuan * YUAN), draws, at(48), vouchers);
  return when === null ? null : (when - T0) / HOUR_MS;
};

describe('how long money lasts', () => {
  test('hour by hour, to the first that it does not pay', () => {
    expect([out(25n, [draw(1)]), out(30n, [draw(1)]), out(480n, [draw(1)])]).toEqual([2, 3, null]);
  });

  test('vouchers pay first, as far as they permit what runs and while they are valid', () => {
    expect(out(25n, [draw(1)], [voucher('a', 30n)])).toBe(5);
    expect(out(25n, [draw(1)], [voucher('a', 460n)])).toBeNull();
    expect(out(25n, [draw(1)], [voucher('a', 30n, { validUntil: at(2) })])).toBe(4);
    const elsewhere = voucher('a', 300n, { scope: { siteIds: ['sit_b'], modelIds: [], purchases: [] } });
    expect(out(25n, [draw(1)], [elsewhere])).toBe(2);
    expect(out(25n, [draw(1), draw(1, 'sit_b')], [elsewhere])).toBe(2);
  });

  test('a voucher is spent once, whatever runs beside', () => {
    expect(out(0n, [draw(1), draw(1)], [voucher('a', 30n)])).toBe(1);
    expect(out(0n, [draw(1)], [voucher('a', 15n), voucher('b', 15n)])).toBe(3);
  });
});
