import { hourlyPlacement } from '#lib/reservations/amounts.ts';
import type { TopologyWish } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import type { TenantCtx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant, plusMs, plusSeconds } from '#lib/core/instant.ts';
import { fen, parsePrice, units } from '#lib/core/money.ts';
import { openWallet, post } from '#lib/ledger/posting.ts';
import { topUpSettled } from '#lib/ledger/templates.ts';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import { startDemoClock } from '#lib/platform/clock.ts';
import { type Tx, type TxContext, withTx } from '#lib/platform/db.ts';
import { seedModels, seedSku } from '#prisma/seed/catalog.ts';
import { seedLevels, seedSite, siteOf } from '#prisma/seed/fleet.ts';

// A market for many bookings at once: one pool, many organisations with money, quotes that wait to be booked.

/** The moment at which a booking market stands. */
export const STANDS_AT: Instant = instant(Date.UTC(2026, 10, 2, 1));

const SEEDING: TxContext = {
  scope: { kind: 'system' },
  actor: { kind: 'system', job: 'seeding' },
  requestId: 'req_bookings',
};
/** Ten thousand cards take a while where much else runs. */
const SEEDING_MS = 300_000;
const PRICE_YUAN = '12';
/** Ids are made from counters, so that a market is the same each time it is made. */
let made = 0;
function nextBytes(): Uint8Array {
  made += 1;
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(6, made);
  return bytes;
}

export type BookingMarket = {
  readonly poolId: Id<'pool'>;
  readonly organisations: readonly Id<'organisation'>[];
};

/** Builds a pool of `cards` cards, on sale by the hour, and organisations with a hundred million yuan each. */
export async function seedBookingMarket(cards: number, organisationCount: number): Promise<BookingMarket> {
  await withTx(SEEDING, (tx) => startDemoClock(tx, STANDS_AT));
  const seed = async (tx: Tx) => {
    await seedLevels(tx);
    await seedModels(tx);
    const pool = await seedSite(tx, siteOf('sg', cards), 7, STANDS_AT);
    const price = present(parsePrice(PRICE_YUAN), 'price');
    const sku = { ...pool, modelId: 'zw810e', price, validFrom: STANDS_AT, bands: [], terms: [] };
    await seedSku(tx, { ...sku, purchase: 'by-hour' });
    return pool.poolId as Id<'pool'>;
  };
  const poolId = await withTx(SEEDING, seed, { timeoutMs: SEEDING_MS });
  const organisations: Id<'organisation'>[] = [];
  for (let n = 0; n < organisationCount; n += 1) organisations.push(await seedOrganisation(n));
  return { poolId, organisations };
}

async function seedOrganisation(n: number): Promise<Id<'organisation'>> {
  const id = makeId('organisation', STANDS_AT, nextBytes());
  await withTx(SEEDING, async (tx) => {
    await tx.organisation.create({
      data: { id, slug: `booker-${n}`, name: `Booker ${n}`, createdAt: new Date(STANDS_AT), cardQuota: 1_000_000 },
    });
    await openWallet(tx, id);
    const payment = makeId('payment', STANDS_AT, nextBytes());
    await post({ ...SEEDING, now: STANDS_AT }, tx, [
      topUpSettled(payment, id, 'sandbox', fen(10_000_000_000n), STANDS_AT),
    ]);
  });
  return id;
}

/** What somebody would book: so many cards in a topology, from now or from a later hour, for some hours. */
export type BookingWish = {
  readonly organisationId: Id<'organisation'>;
  readonly cards: number;
  readonly topology: TopologyWish;
  readonly startHour: number | null;
  readonly hours: number;
};
/** A quote that waits to be booked by its organisation. */
export type WaitingQuote = { readonly organisationId: Id<'organisation'>; readonly quoteId: string };

/** Longer than any run, so that none is refused for its age. */
const QUOTES_LAST_SECONDS = 7 * 86_400;
const QUOTES_PER_STATEMENT = 1_000;

/** Keeps quotes for wishes, priced to the last digit as the engine will price them. */
export async function seedQuotes(market: BookingMarket, wishes: readonly BookingWish[]): Promise<WaitingQuote[]> {
  const skuId = `sku_${market.poolId.slice('pol_'.length)}-hour`;
  const [price] = (await withTx(SEEDING, (tx) => readPriceVersions(tx))).filter((version) => version.skuId === skuId);
  const version = present(price, `price of ${skuId}`);
  const rows = wishes.map(({ organisationId, cards, topology, startHour, hours }) => {
    const startAt = plusMs(STANDS_AT, (startHour ?? 0) * HOUR_MS);
    const { amountUnits } = hourlyPlacement(version, cards, startAt, startAt, plusMs(startAt, hours * HOUR_MS));
    return {
      id: makeId('quote', STANDS_AT, nextBytes()),
      organisationId,
      skuId,
      poolId: market.poolId,
      priceVersionId: version.id,
      imageId: null,
      purchase: 'by-hour',
      cards,
      topology,
      startAt: startHour === null ? null : new Date(startAt),
      durationSeconds: hours * 3_600,
      term: null,
      totalUnits: units(amountUnits),
      createdBy: 'user:usr_bookings',
      createdAt: new Date(STANDS_AT),
      expiresAt: new Date(plusSeconds(STANDS_AT, QUOTES_LAST_SECONDS)),
    };
  });
  for (let i = 0; i < rows.length; i += QUOTES_PER_STATEMENT) {
    const data = rows.slice(i, i + QUOTES_PER_STATEMENT);
    await withTx(SEEDING, (tx) => tx.quote.createMany({ data }));
  }
  return rows.map(({ id, organisationId }) => ({ quoteId: id, organisationId }));
}

/** The context of an owner of an organisation, at the moment at which the market stands. */
export function bookerOf(organisationId: Id<'organisation'>): TenantCtx {
  return {
    actor: { kind: 'customer', userId: 'usr_bookings' as Id<'user'>, organisationId, role: 'owner' },
    scope: { kind: 'organisation', organisationId },
    requestId: 'req_bookings',
    now: STANDS_AT,
  };
}
