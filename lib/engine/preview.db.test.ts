import { expect, test } from 'vitest';
import { createQuote, findQuoteView, previewQuote } from '#lib/catalog/service.ts';
import type { Wish } from '#lib/catalog/types.ts';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { getAvailability } from '#lib/reservations/preview.ts';
import { book, customerOf, newCustomer, openTestMarket, PRICE_YUAN, settleDown } from './testing-market.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;
const WISH: Wish = {
  skuId: 'sku_sg-zw810e-hour',
  cards: 8,
  topology: 'any',
  startAt: null,
  durationSeconds: 9_000,
  term: null,
  imageId: null,
};

async function setup() {
  const { org, now } = await newCustomer(market, 100_000n);
  return { org, now, ctx: await customerOf(org) };
}

test('availability is the published table, cut to the stretch that was asked for', async () => {
  const { org, ctx, now } = await setup();
  await book(market, { cards: 24, durationSeconds: 2 * 3_600, startAt: instant(now + 2 * HOUR_MS) }, org);
  // The table follows the plan after a second of real time.
  await expect
    .poll(async () => {
      await settleDown(market);
      const found = await getAvailability(ctx, { poolId: market.poolId, fromAt: now, hours: 5 });
      return found?.hours.map(({ freeCards }) => freeCards);
    })
    .toEqual([64, 64, 40, 40, 64]);
  const later = await getAvailability(ctx, { poolId: market.poolId, fromAt: instant(now + 3 * HOUR_MS), hours: 1 });
  expect(later).toMatchObject({ totalCards: 64, hours: [{ hourAt: now + 3 * HOUR_MS, largestOnServer: 16 }] });
  expect((await getAvailability(ctx, { poolId: market.poolId }))?.hours.length).toBe(90 * 24);
  expect(await getAvailability(ctx, { poolId: 'pol_none' })).toBeNull();
});

test('a preview prices like the quote and keeps nothing', async () => {
  const { ctx } = await setup();
  const preview = await previewQuote(ctx, WISH);
  const quote = await createQuote(ctx, WISH);
  if (!preview.ok || !quote.ok) throw new Error('refused');
  expect(preview.value.totalUnits).toBe(quote.value.totalUnits);
  expect(preview.value.lines).toEqual(quote.value.lines);
  expect(await previewQuote(ctx, { ...WISH, cards: 65 })).toMatchObject({
    ok: false,
    refusal: { code: 'cardsOutOfRange', cardsMax: 64 },
  });
});

test('a quote is shown again with its formula, to its organisation only', async () => {
  const { ctx, now } = await setup();
  const quote = await createQuote(ctx, WISH);
  if (!quote.ok) throw new Error(quote.refusal.code);
  const found = await findQuoteView(ctx, quote.value.id);
  expect(found).toMatchObject({
    lines: [{ seconds: 9_000, factorBps: 10_000, amountUnits: (PRICE_YUAN * YUAN * 5n) / 2n }],
    totalUnits: PRICE_YUAN * YUAN * 20n,
    askedAt: now,
    expiresAt: plusSeconds(now, 600),
    clockRatePerSecond: 0,
    image: null,
  });
  const other = await setup();
  expect(await findQuoteView(other.ctx, quote.value.id)).toBeNull();
  expect(await findQuoteView(ctx, 'quo_none')).toBeNull();
});
