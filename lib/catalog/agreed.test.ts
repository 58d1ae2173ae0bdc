import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant, plusSeconds } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import { agreedPriceE10, atPrice, priceFor, skuFor } from './agreed.ts';
import { cardCharge } from './price.ts';
import type { AgreedPrice, PriceVersion, QueueTier, Sku } from './types.ts';

const T0 = instant(Date.UTC(2026, 10, 2));
const LIST = 120_000_000_000n;

const version = (id: string, price: bigint): PriceVersion => ({
  id: idFrom('priceVersion', id),
  skuId: idFrom('sku', 'sku_a'),
  validFrom: T0,
  priceE10PerCardHour: priceE10(price),
  returnShareBps: 5_000,
  bands: [],
  terms: [],
});

function agreedFor(id: string, change: Partial<AgreedPrice> & { tier?: QueueTier; listId?: string }): AgreedPrice {
  const { listId = 'prv_list', ...rest } = change;
  const agreed = {
    agreementId: idFrom('priceAgreement', 'pra_1'),
    contractNumber: 'KS-1',
    factorBps: 8_500,
    fixedPriceE10: null,
    listVersionId: idFrom('priceVersion', listId),
    listPriceE10PerCardHour: priceE10(LIST),
    standardPriceE10: priceE10(LIST),
    tierFactorBps: 10_000,
  };
  const price = { ...version(id, (LIST * 85n) / 100n), agreed };
  return { tier: 'standard', isOfSku: false, validFrom: T0, validTo: null, price, ...rest };
}

const skuWith = (agreed: readonly AgreedPrice[]): Pick<Sku, 'price' | 'tiers' | 'agreed'> => ({
  price: version('prv_list', LIST),
  tiers: [{ tier: 'flex', factorBps: 6_000, price: version('prv_flex', (LIST * 6n) / 10n) }],
  agreed: new Map([['org_a', agreed]]),
});

describe('the price of an organisation', () => {
  test('is the list’s for everybody else, and within [validFrom, validTo) its own', () => {
    const sku = skuWith([agreedFor('prv_own', { validFrom: plusSeconds(T0, 10), validTo: plusSeconds(T0, 20) })]);
    const at = (seconds: number, org = 'org_a') => priceFor(sku, org, 'standard', plusSeconds(T0, seconds))?.id;
    expect([at(9), at(10), at(19), at(20), at(15, 'org_b')]).toEqual([
      'prv_list',
      'prv_own',
      'prv_own',
      'prv_list',
      'prv_list',
    ]);
  });

  test('is the one of the SKU before the one of all, whatever is cheaper, and never of a list that is replaced', () => {
    const [general, special] = [agreedFor('prv_all', {}), agreedFor('prv_sku', { isOfSku: true })];
    const stale = agreedFor('prv_stale', { isOfSku: true, listId: 'prv_before' });
    const idOf = (...agreed: AgreedPrice[]) => priceFor(skuWith(agreed), 'org_a', 'standard', T0)?.id;
    expect([idOf(general, special), idOf(special, general), idOf(general, stale)]).toEqual([
      'prv_sku',
      'prv_sku',
      'prv_all',
    ]);
  });

  test('comes with its tiers, and with nobody else’s prices; a tier that is not sold has none', () => {
    const own = agreedFor('prv_own-flex', { tier: 'flex', listId: 'prv_flex' });
    const sku = skuWith([own]);
    const bought = skuFor({ ...sku, id: idFrom('sku', 'sku_a') } as Sku, 'org_a', T0);
    expect([bought.price?.id, bought.tiers[0]?.price.id, 'agreed' in bought]).toEqual([
      'prv_list',
      'prv_own-flex',
      false,
    ]);
    expect(priceFor(sku, 'org_a', 'urgent', T0)).toBeNull();
  });
});

describe('an agreed price', () => {
  const parts = {
    standardPriceE10: fc.bigInt({ min: 1n, max: 10n ** 14n }).map(priceE10),
    tierFactorBps: fc.integer({ min: 1, max: 30_000 }),
    factorBps: fc.option(fc.integer({ min: 1, max: 9_999 })),
    fixedPriceE10: fc.option(fc.bigInt({ min: 1n, max: 10n ** 14n }).map(priceE10)),
  };

  test('is never above the list of its tier, and less than one digit below list × tier × factor', () => {
    fc.assert(
      fc.property(fc.record(parts), (terms) => {
        const { standardPriceE10: list, tierFactorBps, factorBps, fixedPriceE10 } = terms;
        const price = agreedPriceE10(terms);
        expect(price <= (list * BigInt(tierFactorBps)) / 10_000n).toBe(true);
        const base = fixedPriceE10 !== null && fixedPriceE10 < list ? fixedPriceE10 : list;
        const exact = base * BigInt(tierFactorBps) * BigInt(factorBps ?? 10_000);
        expect(price * 100_000_000n <= exact && exact < (price + 1n) * 100_000_000n).toBe(true);
      }),
    );
  });

  test('charges the same however its time is split', () => {
    fc.assert(
      fc.property(
        fc.record(parts),
        fc.array(fc.integer({ min: 1, max: 7_200 }), { minLength: 1, maxLength: 20 }),
        (terms, stretches) => {
          const price = version('prv_own', agreedPriceE10(terms));
          let [endAt, before, charged] = [T0, 0n, 0n];
          for (const seconds of stretches) {
            endAt = plusSeconds(endAt, seconds);
            const toDate = cardCharge(price, { startAt: T0, endAt });
            charged += toDate - before;
            before = toDate;
          }
          expect(charged).toBe(cardCharge(price, { startAt: T0, endAt }));
        },
      ),
    );
  });
});

test('an amount at the list price is shown to the nearest last digit', () => {
  expect(atPrice(units(85n), priceE10(85n), priceE10(100n))).toBe(100n);
  expect(atPrice(units(10n), priceE10(3n), priceE10(10n))).toBe(33n);
  expect(atPrice(units(11n), priceE10(2n), priceE10(3n))).toBe(17n);
  expect(atPrice(units(7n), priceE10(5n), priceE10(5n))).toBe(7n);
});
