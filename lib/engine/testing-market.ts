import { createQuote } from '#lib/catalog/service.ts';
import type { Wish } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx, TenantCtx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { fen, parsePrice } from '#lib/core/money.ts';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { lockWallets, openWallet, post } from '#lib/ledger/posting.ts';
import { topUpSettled } from '#lib/ledger/templates.ts';
import { demandClock, readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { setTestClock, SYSTEM } from '#lib/platform/testing/database.ts';
import { findReservationPage, listReservationCards } from '#lib/reservations/detail.ts';
import { reserve } from '#lib/reservations/service.ts';
import { seedModels, seedSku } from '#prisma/seed/catalog.ts';
import { seedLevels, seedSite, siteOf } from '#prisma/seed/fleet.ts';
import { Engine } from './engine.ts';

/** A small market in a test's database, on the demo clock, with an engine that the test turns by hand. */
export type TestMarket = {
  readonly startAt: Instant;
  readonly poolId: Id<'pool'>;
  readonly customer: () => Promise<TenantCtx>;
  readonly organisationId: Id<'organisation'>;
  engine: Engine;
};

export const PRICE_YUAN = 12n;

let organisations = 0;

/** Makes an organisation with money. */
export async function seedCustomer(yuan: bigint, now: Instant): Promise<Id<'organisation'>> {
  organisations += 1;
  const id = makeId('organisation', now, new Uint8Array(10).fill(organisations));
  const ctx: Ctx = { ...SYSTEM, now };
  await withTx(ctx, async (tx) => {
    await tx.organisation.create({
      data: { id, slug: `test-${organisations}`, name: 'Test', createdAt: new Date(now), cardQuota: 10_000 },
    });
    await openWallet(tx, id);
    const payment = makeId('payment', now, new Uint8Array(10).fill(organisations));
    if (yuan > 0n) await post(ctx, tx, [topUpSettled(payment, id, 'sandbox', fen(yuan * 100n), now)]);
  });
  return id;
}

/** A context of an organisation's owner, at the time of the database. */
export async function customerOf(organisationId: Id<'organisation'>): Promise<TenantCtx> {
  const now = await withTx(SYSTEM, readNow);
  return {
    actor: { kind: 'customer', userId: 'usr_test' as Id<'user'>, organisationId, role: 'owner' },
    scope: { kind: 'organisation', organisationId },
    requestId: 'req_test',
    now,
  };
}

/** Builds the market: one pool of `cards` cards at 12 yuan by the hour, a day by the card at nine tenths, one customer. */
export async function openTestMarket(cards: number, yuan: bigint): Promise<TestMarket> {
  const startAt = instant(Date.UTC(2026, 10, 2, 1));
  await setTestClock(startAt);
  const poolId = await withTx(SYSTEM, async (tx) => {
    await seedLevels(tx);
    await seedModels(tx);
    const pool = await seedSite(tx, siteOf('sg', cards), 7, startAt);
    const sku = {
      ...pool,
      modelId: 'zw810e',
      price: present(parsePrice(`${PRICE_YUAN}`), 'price'),
      validFrom: startAt,
      bands: [],
    };
    const tiers = [
      { tier: 'urgent', factorBps: 15_000 },
      { tier: 'flex', factorBps: 6_000 },
    ] as const;
    await seedSku(tx, { ...sku, purchase: 'by-hour', terms: [], tiers });
    await seedSku(tx, { ...sku, purchase: 'by-card', terms: [{ term: 'day', factorBps: 9_000 }] });
    return pool.poolId as Id<'pool'>;
  });
  const organisationId = await seedCustomer(yuan, startAt);
  return { startAt, poolId, organisationId, customer: () => customerOf(organisationId), engine: newEngine() };
}

/** A second pool of the market's engine: `cards` cards in Foshan at 20 yuan, by the hour. */
export async function seedSecondPool(market: TestMarket, cards: number): Promise<void> {
  await withTx(SYSTEM, async (tx) => {
    const pool = await seedSite(tx, siteOf('fs', cards), 8, market.startAt);
    const price = present(parsePrice('20'), 'price');
    const sku = { ...pool, modelId: 'm890', price, validFrom: market.startAt, bands: [] };
    await seedSku(tx, { ...sku, purchase: 'by-hour', terms: [] });
  });
  await settleDown(market);
}

let engines = 0;

/** A new engine, as after a restart of the process. */
export function newEngine(): Engine {
  engines += 1;
  return new Engine(`test-${engines}`, { seed: 7, faultRates: 'none', hosts: NO_HOSTS });
}

/** Throws the engine away as `kill -9` would: nothing is closed, and its leases simply run out. */
export async function killEngine(market: TestMarket): Promise<void> {
  market.engine = newEngine();
  await withTx(SYSTEM, (tx) => tx.$executeRaw`UPDATE pool_lease SET expires_at = 'epoch'`);
}

/** Turns the engine until nothing is left to do at this moment. */
export async function settleDown(market: TestMarket): Promise<void> {
  market.engine.wake('everything');
  while (await market.engine.turn());
}

/** Another customer with money, once the market has come to rest, and when that is. */
export async function newCustomer(market: TestMarket, yuan = 10_000n) {
  await settleDown(market);
  const { now } = await customerOf(market.organisationId);
  return { org: await seedCustomer(yuan, now), now };
}

/** Runs business time forward to an instant. */
export async function runTo(market: TestMarket, to: Instant): Promise<void> {
  await withTx(SYSTEM, (tx) => demandClock(tx, to, 0));
  await settleDown(market);
}

/** Turns the engine while a service waits for its answer. */
export async function during<T>(market: TestMarket, work: Promise<T>): Promise<T> {
  let isDone = false;
  const finished = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await settleDown(market);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return finished;
}

/** Quotes and books; what is not given is one card anywhere for an hour, now. */
export async function book(market: TestMarket, wish: Partial<Wish> = {}, organisationId = market.organisationId) {
  const ctx = await customerOf(organisationId);
  const quote = await createQuote(ctx, {
    skuId: 'sku_sg-zw810e-hour',
    cards: 1,
    topology: 'any',
    startAt: null,
    durationSeconds: 3_600,
    term: null,
    imageId: null,
    ...wish,
  });
  if (!quote.ok) return quote;
  return during(market, reserve(ctx, { quoteId: quote.value.id, name: 'test', idempotencyKey: quote.value.id }));
}

/** What an organisation may spend, in 1e-8 yuan. */
export async function walletOf(organisationId: Id<'organisation'>): Promise<bigint | undefined> {
  return withTx(SYSTEM, async (tx) => (await lockWallets(tx, [organisationId])).get(organisationId));
}

/** A reservation with all its cards and events, oldest first, as its owner sees them. */
export async function detailOf(ctx: Ctx, reservationId: string) {
  const page = present(await findReservationPage(ctx, reservationId), 'reservation');
  const allocations = await listReservationCards(ctx, { reservationId }, { skip: 0, take: 10_000 });
  return { reservation: page.reservation, allocations, events: page.events.rows.toReversed() };
}
