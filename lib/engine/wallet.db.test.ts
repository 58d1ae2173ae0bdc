import { expect, test } from 'vitest';
import { HOUR_MS, instant } from '#lib/core/instant.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { getSpendingWallet } from '#lib/billing/spending.ts';
import { getMonthSpend } from '#lib/ledger/wallet.ts';
import { runwayHours } from '#lib/billing/runway.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { book, customerOf, newCustomer, openTestMarket, PRICE_YUAN, runTo } from './testing-market.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;

async function setup(yuan: bigint) {
  const { org, now } = await newCustomer(market, yuan);
  return { org, now, wallet: async () => getSpendingWallet(await customerOf(org)) };
}

test('a wallet nobody spends from is all spendable and has no runway', async () => {
  const { wallet } = await setup(500n);
  const found = await wallet();
  expect(found).toMatchObject({
    spendableUnits: 500n * YUAN,
    owedUnits: 0n,
    heldUnits: 0n,
    committedUnits: 0n,
    burnUnitsPerHour: 0n,
  });
  expect(runwayHours(found)).toBeNull();
});

test('what is booked moves into holds and commitments; only what runs by the hour burns', async () => {
  const { org, now, wallet } = await setup(10_000n);
  await book(market, { cards: 4, durationSeconds: 3 * 3_600 }, org);
  await book(market, { cards: 2, durationSeconds: 3_600, startAt: instant(now + 10 * HOUR_MS) }, org);
  await book(market, { skuId: 'sku_sg-zw810e-card', cards: 1, durationSeconds: null, term: 'day' }, org);
  const heldUnits = (4n * 3n + 2n) * PRICE_YUAN * YUAN;
  const committedUnits = (24n * PRICE_YUAN * YUAN * 9n) / 10n;
  const found = await wallet();
  expect(found).toMatchObject({
    spendableUnits: 10_000n * YUAN - heldUnits - committedUnits,
    owedUnits: 0n,
    heldUnits,
    committedUnits,
    burnUnitsPerHour: 4n * PRICE_YUAN * YUAN,
  });
  expect(runwayHours(found)).toBe((found.spendableUnits + heldUnits) / (4n * PRICE_YUAN * YUAN));
  await runTo(market, instant(now + 4 * HOUR_MS));
  const later = await wallet();
  expect(later).toMatchObject({ heldUnits: 2n * PRICE_YUAN * YUAN, burnUnitsPerHour: 0n });
  expect(later.spendableUnits).toBe(found.spendableUnits);
  // Twelve card-hours by the hour, and four of the term's 24.
  const charged = ((12n * 10n + 4n * 9n) * (PRICE_YUAN * YUAN)) / 10n;
  expect(await getMonthSpend(await customerOf(org))).toBe(charged);
  expect(await getMonthSpend(await customerOf(market.organisationId))).toBe(0n);
});

test('another organisation’s money is not seen, and nobody without an organisation has a wallet', async () => {
  const { wallet } = await setup(0n);
  expect(await wallet()).toMatchObject({ spendableUnits: 0n, heldUnits: 0n, committedUnits: 0n });
  await expect(getSpendingWallet({ ...SYSTEM, now: market.startAt })).rejects.toThrow(Forbidden);
});
