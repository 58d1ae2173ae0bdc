import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Wish } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import {
  book,
  customerOf,
  during,
  newCustomer,
  openTestMarket,
  PRICE_YUAN,
  runTo,
  settleDown,
  walletOf,
} from '#lib/engine/testing-market.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { previewExtension } from '#lib/reservations/preview-changes.ts';
import { extend, release } from '#lib/reservations/service.ts';
import { findReservationMoney, previewRelease } from './reservation-money.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;

async function setup(wish: Partial<Wish>, yuan = 10_000n) {
  const { org, now } = await newCustomer(market, yuan);
  const booked = await book(market, wish, org);
  if (!booked.ok || booked.value.reservationId === null) throw new Error(JSON.stringify(booked));
  await settleDown(market);
  return { org, reservationId: booked.value.reservationId, now };
}

const previewed = async (org: Id<'organisation'>, reservationId: string) => {
  const preview = await previewRelease(await customerOf(org), { reservationId });
  if (!preview.ok) throw new Error(preview.refusal.code);
  return preview.value;
};

const released = async (org: Id<'organisation'>, reservationId: string) => {
  await during(market, release(await customerOf(org), { reservationId, idempotencyKey: `r-${reservationId}` }));
  await settleDown(market);
};

describe('a release by the hour', () => {
  test('returns to the last unit what its preview said, within an hour and across hours', async () => {
    for (const seconds of [1, 1_777, 3_600, 2 * 3_600 + 1]) {
      const { org, reservationId, now } = await setup({ cards: 7, durationSeconds: 5 * 3_600 });
      await runTo(market, plusSeconds(now, seconds));
      const { chargedUnits, returnedUnits, placedUnits } = await previewed(org, reservationId);
      expect(chargedUnits).toBe(7n * ((BigInt(seconds) * PRICE_YUAN * YUAN) / 3_600n));
      expect(chargedUnits + returnedUnits).toBe(placedUnits);
      await released(org, reservationId);
      const money = await findReservationMoney(await customerOf(org), reservationId);
      expect(money?.hold).toMatchObject({ placedUnits, chargedUnits, returnedUnits, leftUnits: 0n });
      expect(money?.seconds.used).toBe(7n * BigInt(seconds));
      expect(await walletOf(org)).toBe(10_000n * YUAN - chargedUnits);
    }
  });

  test('does not count the time of a card that died', async () => {
    const { org, reservationId, now } = await setup({ cards: 4, durationSeconds: 7_200 });
    await runTo(market, plusSeconds(now, 600));
    const [victim] = await withTx(
      SYSTEM,
      (tx) =>
        tx.$queryRaw<{ uuid: string }[]>`
        SELECT c.uuid FROM card c JOIN allocation a ON a.card_id = c.id WHERE a.reservation_id = ${reservationId} LIMIT 1`,
    );
    const request = { id: 'dvr_1', poolId: market.poolId, target: victim?.uuid ?? '', kind: 'lost', askedBy: 'test' };
    await withTx(SYSTEM, (tx) => tx.deviceRequest.create({ data: { ...request, askedAt: new Date(now) } }));
    await settleDown(market);
    await runTo(market, plusSeconds(now, 1_200));
    const preview = await previewed(org, reservationId);
    await released(org, reservationId);
    const money = await findReservationMoney(await customerOf(org), reservationId);
    expect(money?.seconds).toMatchObject({ used: 3n * 1_200n + 600n + 570n, down: 30n });
    expect(money?.hold).toMatchObject({
      chargedUnits: preview.chargedUnits,
      returnedUnits: preview.returnedUnits,
    });
  });
});

test('a release by the card credits its share of the rest at once, and the preview says how much nobody will use', async () => {
  const { org, reservationId, now } = await setup({ skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
  await runTo(market, plusSeconds(now, 4_800));
  // Used, unused and to come are what was bought, at any time.
  const running = present(await findReservationMoney(await customerOf(org), reservationId), 'money');
  const { used, down, unused } = running.seconds;
  expect(used).toBeGreaterThan(0n);
  expect(used + down + unused + running.aheadSeconds).toBe(2n * 86_400n);
  const paid = (2n * 24n * PRICE_YUAN * YUAN * 9n) / 10n;
  // Half of what the rest of the term cost, card by card.
  const credit = 2n * ((paid * (86_400n - 4_800n)) / (2n * 86_400n) / 2n);
  expect(await previewed(org, reservationId)).toMatchObject({
    chargedUnits: paid,
    returnedUnits: credit,
    unusedCardSeconds: 2n * (86_400n - 4_800n),
  });
  await released(org, reservationId);
  expect(await walletOf(org)).toBe(10_000n * YUAN - paid + credit);
  await runTo(market, plusSeconds(now, 87_000));
  const money = await findReservationMoney(await customerOf(org), reservationId);
  expect(money).toMatchObject({
    hold: { chargedUnits: paid, returnedUnits: 0n },
    seconds: { used: 9_600n, unused: 2n * 81_600n },
    aheadSeconds: 0n,
    vouchersUnits: 0n,
  });
});

describe('an extension', () => {
  test('costs what its preview said, by the hour and by the card', async () => {
    const wishes = [
      { wish: { cards: 3, durationSeconds: 3_600 }, seconds: 5_000 },
      { wish: { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' as const }, seconds: 86_400 },
    ];
    for (const { wish, seconds } of wishes) {
      const { org, reservationId } = await setup(wish);
      const preview = await previewExtension(await customerOf(org), { reservationId, seconds, line: null });
      if (!preview.ok) throw new Error(preview.refusal.code);
      const { amountUnits, spendableUnits, spendableAfterUnits } = preview.value;
      expect(await walletOf(org)).toBe(spendableUnits);
      const input = { reservationId, seconds, quotedUnits: `${amountUnits}`, idempotencyKey: `e-${reservationId}` };
      expect(await during(market, extend(await customerOf(org), input))).toMatchObject({ ok: true });
      expect(await walletOf(org)).toBe(spendableAfterUnits);
    }
  });

  test('is refused as the decision would refuse it', async () => {
    const { org, reservationId } = await setup({ cards: 1, durationSeconds: 3_600 }, 20n);
    const open = await setup({ cards: 1, durationSeconds: null });
    const refusalOf = async (who: Id<'organisation'>, id: string, seconds: number) => {
      const preview = await previewExtension(await customerOf(who), { reservationId: id, seconds, line: null });
      return preview.ok ? null : preview.refusal.code;
    };
    expect(await refusalOf(org, reservationId, 0)).toBe('durationOutOfRange');
    expect(await refusalOf(org, reservationId, 3_600)).toBe('fundsInsufficient');
    expect(await refusalOf(open.org, open.reservationId, 3_600)).toBe('durationOutOfRange');
    expect(await refusalOf(open.org, reservationId, 3_600)).toBe('reservationUnknown');
    await released(org, reservationId);
    expect(await refusalOf(org, reservationId, 3_600)).toBe('reservationNotInState');
  });
});

test('others see neither money nor previews', async () => {
  const { reservationId } = await setup({ cards: 1, durationSeconds: 3_600 });
  const stranger = await customerOf((await setup({ cards: 1, durationSeconds: 3_600 })).org);
  expect(await findReservationMoney(stranger, reservationId)).toBeNull();
  expect(await previewRelease(stranger, { reservationId })).toMatchObject({ refusal: { code: 'reservationUnknown' } });
});
