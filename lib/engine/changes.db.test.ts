import { expect, test } from 'vitest';
import { findReservationMoney } from '#lib/billing/reservation-money.ts';
import type { Wish } from '#lib/catalog/types.ts';
import { HOUR_MS, type Instant, instant, plusSeconds } from '#lib/core/instant.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { previewShrink } from '#lib/reservations/preview-changes.ts';
import { findReservationPage } from '#lib/reservations/detail.ts';
import { findOfferedTo, listTransferOffers } from '#lib/reservations/transfers.ts';
import { acceptTransfer, offerTransfer, setAutoExtend, shrink } from '#lib/reservations/service.ts';
import {
  book,
  customerOf,
  detailOf,
  during,
  killEngine,
  newCustomer,
  openTestMarket,
  PRICE_YUAN,
  runTo,
  seedCustomer,
  settleDown,
  walletOf,
} from './testing-market.ts';
import { verifyDatabase } from './verify.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;

async function setup(wish: Partial<Wish>, yuan = 10_000n) {
  const { org, now } = await newCustomer(market, yuan);
  const booked = await book(market, wish, org);
  if (!booked.ok || booked.value.reservationId === null) throw new Error(JSON.stringify(booked));
  await settleDown(market);
  const reservationId = booked.value.reservationId;
  const money = async () => findReservationMoney(await customerOf(org), reservationId);
  const ctx = () => customerOf(org);
  return { org, reservationId, now, money, ctx };
}

/** Every proof of the whole database holds. */
async function expectProven(): Promise<void> {
  const broken: string[] = [];
  await verifyDatabase(
    { ...SYSTEM, now: market.startAt, actor: { kind: 'system', job: 'proving' } },
    ({ name, violations, example }) => {
      if (violations > 0) broken.push(`${name}: ${example}`);
    },
  );
  expect(broken).toEqual([]);
}

test('cards given back by the hour: what the preview said returns, the rest is charged to the second', async () => {
  const { org, reservationId, now, money, ctx } = await setup({ cards: 4, durationSeconds: 3 * 3_600 });
  const at = plusSeconds(now, 5_000);
  await runTo(market, at);
  const preview = await previewShrink(await ctx(), { reservationId, cards: 3 });
  const returnedUnits = 3n * (3n * PRICE_YUAN * YUAN - (PRICE_YUAN * YUAN * 5_000n) / 3_600n);
  expect(preview).toMatchObject({ ok: true, value: { cardsLeft: 1, returnedUnits, rule: 'by-hour' } });
  const before = await walletOf(org);
  const change = { reservationId, cards: 3, cardIds: [], idempotencyKey: `s-${reservationId}` };
  expect(await during(market, shrink(await ctx(), change))).toMatchObject({ ok: true });
  expect(await walletOf(org)).toBe((before ?? 0n) + returnedUnits);
  await during(market, shrink(await ctx(), change));
  expect(await walletOf(org)).toBe((before ?? 0n) + returnedUnits);
  await killEngine(market);
  await runTo(market, plusSeconds(now, 3 * 3_600 + 60));
  expect(await money()).toMatchObject({ hold: { leftUnits: 0n }, seconds: { used: 3n * 5_000n + 10_800n } });
  expect((await detailOf(await ctx(), reservationId)).reservation).toMatchObject({ cards: 1, state: 'ended' });
  await expectProven();
});

test('cards of a running term: their share is credited at once, and they are charged as unused to its end', async () => {
  const wish = { skuId: 'sku_sg-zw810e-card', cards: 4, term: 'day', durationSeconds: null } as const;
  const { org, reservationId, now, money, ctx } = await setup(wish);
  await runTo(market, plusSeconds(now, 21_600));
  const { allocations } = await detailOf(await ctx(), reservationId);
  const cardIds = allocations.slice(1, 3).map(({ cardId }) => cardId);
  const before = await walletOf(org);
  const change = { reservationId, cards: 2, cardIds, idempotencyKey: `s-${reservationId}` };
  expect(await during(market, shrink(await ctx(), change))).toMatchObject({ ok: true });
  const termUnits = (24n * PRICE_YUAN * YUAN * 9n) / 10n;
  expect(await walletOf(org)).toBe((before ?? 0n) + (2n * termUnits * 3n) / 4n / 2n);
  // Others have the cards at once.
  const others = await seedCustomer(10_000n, now);
  expect((await book(market, { cards: 62, durationSeconds: 3_600 }, others)).ok).toBe(true);
  await killEngine(market);
  await runTo(market, plusSeconds(now, 86_400 + 60));
  expect(await money()).toMatchObject({
    hold: { chargedUnits: 4n * termUnits, leftUnits: 0n, returnedUnits: 0n },
    seconds: { used: 2n * 86_400n + 2n * 21_600n, unused: 2n * 64_800n, down: 0n },
  });
  await expectProven();
});

test('a reservation extends itself over a restart of the engine, once a step, to its last end', async () => {
  const { org, reservationId, now, ctx } = await setup({ cards: 2, durationSeconds: 3_600 });
  const until: Instant = plusSeconds(now, 3 * 3_600);
  const rule = { stepSeconds: 3_600, priceE10Max: `${PRICE_YUAN * 10_000_000_000n}`, untilAt: until };
  const change = { reservationId, rule, idempotencyKey: `x-${reservationId}` };
  expect(await during(market, setAutoExtend(await ctx(), change))).toMatchObject({ ok: true });
  await killEngine(market);
  await runTo(market, plusSeconds(now, 3 * 3_600 + 60));
  const { reservation, events } = await detailOf(await ctx(), reservationId);
  expect(reservation).toMatchObject({ state: 'ended', interval: { endAt: until } });
  const kinds = events.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'autoExtended')).toHaveLength(2);
  expect(kinds).toContain('autoExtendFailed');
  expect(kinds).toContain('endsSoon');
  expect(await walletOf(org)).toBe((10_000n - 3n * 2n * PRICE_YUAN) * YUAN);
  await expectProven();
});

test('another organisation can change nothing of it, and sees no preview', async () => {
  const { reservationId, now } = await setup({ cards: 2, durationSeconds: 3_600 });
  const stranger = await customerOf(await seedCustomer(100n, now));
  const refused = { ok: false, refusal: { code: 'reservationUnknown' } };
  expect(await previewShrink(stranger, { reservationId, cards: 1 })).toEqual(refused);
  const change = { reservationId, cards: 1, cardIds: [], idempotencyKey: `o-${reservationId}` };
  expect(await shrink(stranger, change)).toEqual(refused);
  expect(await setAutoExtend(stranger, { ...change, rule: null })).toEqual(refused);
});

test('the database refuses a rule without its cap, and an unused time before its allocation ends', async () => {
  const { reservationId } = await setup({ cards: 1, durationSeconds: 3_600 });
  const set = (column: string, value: string) =>
    withTx(SYSTEM, (tx) =>
      tx.$executeRawUnsafe(`UPDATE reservation SET ${column} = ${value} WHERE id = '${reservationId}'`),
    );
  await expect(set('auto_extend_step_seconds', '3600')).rejects.toThrow(/auto_extend_check/);
  await expect(set('auto_extend_failure', `'x'`)).rejects.toThrow(/auto_extend_check/);
});

test('an offer that is accepted moves money and promise in one decision, and shows nobody more than the offer', async () => {
  const { now } = await customerOf(market.organisationId);
  const startAt = instant(Math.ceil(now / HOUR_MS + 2) * HOUR_MS);
  const { org, reservationId, ctx } = await setup({ cards: 3, startAt, durationSeconds: 3_600 }, 1_000n);
  const [buyer, stranger] = [await seedCustomer(1_000n, now), await seedCustomer(1_000n, now)];
  const slugOf = async (id: string) =>
    withTx(
      SYSTEM,
      async (tx) => (await tx.organisation.findUniqueOrThrow({ where: { id }, select: { slug: true } })).slug,
    );
  const change = (key: string) => ({ reservationId, idempotencyKey: `${key}-${reservationId}` });
  const offer = async (toSlug: string, key: string) =>
    during(market, offerTransfer(await ctx(), { ...change(key), toSlug }));
  expect(await offer('nobody-at-all', 'o1')).toMatchObject({ refusal: { code: 'organisationUnknown' } });
  expect(await offer(await slugOf(buyer), 'o2')).toMatchObject({ ok: true });
  expect(await findOfferedTo(await ctx(), reservationId)).toBe(await slugOf(buyer));
  await killEngine(market);

  const price = 3n * PRICE_YUAN * YUAN;
  const [seen] = await listTransferOffers(await customerOf(buyer));
  expect(seen).toMatchObject({ reservationId, cards: 3, amountUnits: price, interval: { startAt } });
  expect(await findReservationPage(await customerOf(buyer), reservationId)).toBeNull();
  expect(await listTransferOffers(await customerOf(stranger))).toEqual([]);
  const quotedUnits = `${price}`;
  const foreign = acceptTransfer(await customerOf(stranger), { ...change('a0'), quotedUnits });
  expect(await during(market, foreign)).toEqual({ ok: false, refusal: { code: 'transferUnknown' } });

  const input = { ...change('a1'), quotedUnits };
  const accepted = await during(market, acceptTransfer(await customerOf(buyer), input));
  if (!accepted.ok || accepted.value.reservationId === null) throw new Error(JSON.stringify(accepted));
  expect(await during(market, acceptTransfer(await customerOf(buyer), input))).toEqual(accepted);
  expect([await walletOf(org), await walletOf(buyer)]).toEqual([1_000n * YUAN, 1_000n * YUAN - price]);
  const next = accepted.value.reservationId;
  expect(await findReservationPage(await ctx(), next)).toBeNull();
  await killEngine(market);
  await runTo(market, plusSeconds(startAt, 3_700));
  const [old, taken] = [await detailOf(await ctx(), reservationId), await detailOf(await customerOf(buyer), next)];
  expect(old.reservation).toMatchObject({
    state: 'cancelled',
    endReason: 'transferred',
    settledAt: expect.any(Number),
  });
  expect(taken.reservation).toMatchObject({ state: 'ended', cards: 3 });
  expect([await walletOf(org), await walletOf(buyer)]).toEqual([1_000n * YUAN, 1_000n * YUAN - price]);
  await expectProven();
});
