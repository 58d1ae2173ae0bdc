import { describe, expect, test } from 'vitest';
import { HOUR_MS, instant, plusSeconds } from '#lib/core/instant.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { extend, release } from '#lib/reservations/service.ts';
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
  settleDown,
  walletOf,
} from './testing-market.ts';

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;

const setup = () => newCustomer(market);

async function booked(
  org: Awaited<ReturnType<typeof setup>>['org'],
  wish: Parameters<typeof book>[1],
): Promise<string> {
  const result = await book(market, wish, org);
  if (!result.ok || result.value.reservationId === null) throw new Error(JSON.stringify(result));
  return result.value.reservationId;
}

const usageOf = (reservationId: string) =>
  withTx(SYSTEM, (tx) =>
    tx.usageCharge.aggregate({
      where: { reservationId },
      _sum: { usedSeconds: true, downSeconds: true, unusedSeconds: true, amountUnits: true },
      _count: true,
    }),
  );

const detail = async (org: Awaited<ReturnType<typeof setup>>['org'], id: string) => detailOf(await customerOf(org), id);

describe('by the hour', () => {
  test('is held, charged hour by hour, released early, and the rest comes back', async () => {
    const { org, now } = await setup();
    const id = await booked(org, { cards: 8, durationSeconds: 3 * 3_600 });
    expect(await walletOf(org)).toBe((10_000n - 8n * 3n * PRICE_YUAN) * YUAN);
    await runTo(market, instant(now + HOUR_MS));
    expect(await usageOf(id)).toMatchObject({
      _sum: { usedSeconds: 8 * 3_600, downSeconds: 0, amountUnits: 8n * PRICE_YUAN * YUAN },
      _count: 8,
    });
    await runTo(market, plusSeconds(now, 4_800));
    expect(
      await during(market, release(await customerOf(org), { reservationId: id, idempotencyKey: 'r1' })),
    ).toMatchObject({ ok: true });
    await settleDown(market);
    expect(await walletOf(org)).toBe(10_000n * YUAN - (8n * 4_800n * PRICE_YUAN * YUAN) / 3_600n);
    const found = await detail(org, id);
    expect(found?.reservation).toMatchObject({
      state: 'ended',
      endReason: 'released',
      endedAt: plusSeconds(now, 4_800),
    });
    expect(found?.reservation.settledAt).not.toBeNull();
  });

  test('runs to its end by itself, to the second, across hours', async () => {
    const { org, now } = await setup();
    const id = await booked(org, { cards: 3, durationSeconds: 5_000 });
    await runTo(market, instant(now + 3 * HOUR_MS));
    expect(await usageOf(id)).toMatchObject({
      _sum: { usedSeconds: 15_000, downSeconds: 0, amountUnits: 3n * ((5_000n * PRICE_YUAN * YUAN) / 3_600n) },
    });
    expect((await detail(org, id))?.reservation).toMatchObject({ state: 'ended', endReason: 'term' });
  });

  test('extends at the shown price and costs the sum', async () => {
    const { org, now } = await setup();
    const id = await booked(org, { cards: 2, durationSeconds: 3_600 });
    const quotedUnits = `${2n * PRICE_YUAN * YUAN}`;
    const result = await during(
      market,
      extend(await customerOf(org), { reservationId: id, seconds: 3_600, quotedUnits, idempotencyKey: 'e1' }),
    );
    expect(result).toMatchObject({ ok: true });
    await runTo(market, instant(now + 2 * HOUR_MS));
    expect(await walletOf(org)).toBe((10_000n - 4n * PRICE_YUAN) * YUAN);
  });

  test('an open end is held hour by hour until it is released', async () => {
    const { org, now } = await setup();
    const id = await booked(org, { cards: 1, durationSeconds: null });
    expect(await walletOf(org)).toBe((10_000n - PRICE_YUAN) * YUAN);
    await runTo(market, plusSeconds(now, 5_400));
    expect(await walletOf(org)).toBe((10_000n - 2n * PRICE_YUAN) * YUAN);
    await during(market, release(await customerOf(org), { reservationId: id, idempotencyKey: 'o1' }));
    await settleDown(market);
    expect(await walletOf(org)).toBe(10_000n * YUAN - (5_400n * PRICE_YUAN * YUAN) / 3_600n);
  });
});

describe('by the card', () => {
  test('a term left early is earned to its end, as unused, and half of the rest is credited', async () => {
    const { org, now } = await setup();
    const id = await booked(org, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
    const paid = (2n * 24n * PRICE_YUAN * YUAN * 9n) / 10n;
    expect(await walletOf(org)).toBe(10_000n * YUAN - paid);
    await runTo(market, plusSeconds(now, 4_800));
    await during(market, release(await customerOf(org), { reservationId: id, idempotencyKey: 'c1' }));
    await runTo(market, instant(now + 25 * HOUR_MS));
    expect(await usageOf(id)).toMatchObject({
      _sum: { usedSeconds: 9_600, downSeconds: 0, unusedSeconds: 2 * 86_400 - 9_600, amountUnits: paid },
    });
    // Half of what the unused rest of the term cost is credited when the cards go back.
    expect(await walletOf(org)).toBe(10_000n * YUAN - paid + (paid * 81_600n) / 86_400n / 2n);
    expect((await detail(org, id))?.reservation.settledAt).not.toBeNull();
  });
});

describe('a card that dies', () => {
  test('is not charged from the last proof on, and is replaced', async () => {
    const { org, now } = await setup();
    const id = await booked(org, { cards: 4, durationSeconds: 3_600, topology: 'same-server' });
    await runTo(market, plusSeconds(now, 600));
    const victim = (await detail(org, id))?.allocations[0];
    await withTx(SYSTEM, (tx) =>
      tx.deviceRequest.create({
        data: {
          id: 'dvr_1',
          poolId: market.poolId,
          target: victim?.uuid ?? '',
          kind: 'lost',
          askedBy: 'test',
          askedAt: new Date(now),
        },
      }),
    );
    await settleDown(market);
    await runTo(market, instant(now + 2 * HOUR_MS));
    const found = await detail(org, id);
    expect(found?.events.map(({ kind }) => kind)).toEqual([
      'reserved',
      'cardsBound',
      'started',
      'cardLost',
      'cardReplaced',
      'endsSoon',
      'ended',
    ]);
    expect(found?.allocations).toHaveLength(5);
    // 600 s on the dead card, 30 s of debounce not charged, the rest on its replacement.
    const usage = await usageOf(id);
    expect(usage._sum).toMatchObject({ usedSeconds: 3 * 3_600 + 600 + 2_970, downSeconds: 30 });
    const spent = 10_000n * YUAN - ((await walletOf(org)) ?? 0n);
    expect(spent).toBe(usage._sum.amountUnits ?? 0n);
  });
});

describe('an engine that is killed', () => {
  test('loses no second and no answer when another takes over', async () => {
    const { org, now } = await setup();
    const id = await booked(org, { cards: 5, durationSeconds: 10_000 });
    for (let minute = 7; minute < 200; minute += 13) {
      await runTo(market, plusSeconds(now, minute * 60));
      await killEngine(market);
    }
    await settleDown(market);
    expect(await usageOf(id)).toMatchObject({
      _sum: { usedSeconds: 50_000, downSeconds: 0, amountUnits: 5n * ((10_000n * PRICE_YUAN * YUAN) / 3_600n) },
    });
  });

  test('a deposed leader cannot write', async () => {
    await setup();
    const old = market.engine;
    await killEngine(market);
    await settleDown(market);
    const { org } = await setup();
    old.wake('commands');
    const booking = book(market, { cards: 1 }, org);
    expect(old.pools, 'it believes that it leads').toHaveLength(1);
    await old.turn().catch(() => {});
    expect(await booking).toMatchObject({ ok: true });
    const epochs = await withTx(
      SYSTEM,
      (tx) =>
        tx.$queryRaw<
          { old: boolean }[]
        >`SELECT bool_or(c.epoch < l.epoch) AS old FROM command c JOIN pool_lease l ON l.pool_id = c.pool_id WHERE c.number = (SELECT max(number) FROM command)`,
    );
    expect(epochs).toEqual([{ old: false }]);
  });
});

test('the same booking sent many times at once is made once', async () => {
  const { org } = await setup();
  const { createQuote } = await import('#lib/catalog/service.ts');
  const { reserve } = await import('#lib/reservations/service.ts');
  const ctx = await customerOf(org);
  const quote = await createQuote(ctx, {
    skuId: 'sku_sg-zw810e-hour',
    cards: 1,
    topology: 'any',
    startAt: null,
    durationSeconds: 3_600,
    term: null,
    imageId: null,
  });
  if (!quote.ok) throw new Error('no quote');
  const ask = { quoteId: quote.value.id, name: 'same', idempotencyKey: 'k' };
  const answers = await during(market, Promise.all(Array.from({ length: 12 }, () => reserve(ctx, ask))));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await reserve(ctx, { ...ask, name: 'other' })).toEqual({
    ok: false,
    refusal: { code: 'idempotencyKeyReused' },
  });
  expect(await walletOf(org)).toBe((10_000n - PRICE_YUAN) * YUAN);
});
