import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant, plusMs, toIso } from '#lib/core/instant.ts';
import { parsePrice, units } from '#lib/core/money.ts';
import { readPriceVersions } from '#lib/catalog/price-list.ts';
import type { PriceVersion } from '#lib/catalog/types.ts';
import { seedBookingMarket, STANDS_AT } from '#lib/engine/testing-bookings.ts';
import { post } from '#lib/ledger/posting.ts';
import { placed, type ReservationRef } from '#lib/ledger/templates.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { seedSku } from '#prisma/seed/catalog.ts';

// A pool whose cards are all busy, for the hourly run: allocations, open evidence and money set aside, and no engine.

/** The first hour of a fleet. */
export const FLEET_AT: Instant = STANDS_AT;
export const FLEET_CTX: Ctx = {
  actor: { kind: 'system', job: 'engine' },
  scope: { kind: 'system' },
  requestId: 'req_fleet',
  now: FLEET_AT,
};

/** How many cards reservations have, in turn: most are small, most cards are in large ones. */
export const MIXED_GANGS: readonly number[] = [1, 1, 2, 8, 1, 16, 4, 1, 64, 8, 2, 1, 16, 128, 1, 4, 32, 8];
/** Hours of the day at which the hour costs more: the second and third of a fleet. */
const DEAR = { fromHour: 10, toHour: 12, factorBps: 13_333 };
/** One reservation in so many is a paid term by the card. */
const TERMED_EACH = 5;
export const TERM_SECONDS = 30 * 86_400;
/** Money for more hours than any run charges. */
const HELD_HOURS = 24 * 400;
const POSTED_TOGETHER = 250;

export type BusyReservation = ReservationRef & { readonly cards: number; readonly price: PriceVersion };
export type BusyFleet = {
  readonly poolId: Id<'pool'>;
  readonly reservations: readonly BusyReservation[];
  readonly prices: ReadonlyMap<string, PriceVersion>;
};

/** The sizes of the gangs, in turn, until all cards are given away. */
function gangsOf(cards: number, sizes: readonly number[]): number[] {
  const gangs: number[] = [];
  for (let left = cards; left > 0; ) {
    const size = Math.min(left, present(sizes[gangs.length % sizes.length], 'a size'));
    gangs.push(size);
    left -= size;
  }
  return gangs;
}

/** A second way to buy beside the hour: a month by the card. */
export async function seedTerms(poolId: Id<'pool'>): Promise<void> {
  await withTx(FLEET_CTX, async (tx) => {
    await tx.priceBand.createMany({
      data: (await tx.priceVersion.findMany({ select: { id: true } })).map(({ id }) => ({
        priceVersionId: id,
        ...DEAR,
      })),
    });
    const [{ siteId }] = [
      present(await tx.pool.findUnique({ where: { id: poolId }, select: { siteId: true } }), 'pool'),
    ];
    const price = present(parsePrice('9.7654321'), 'price');
    const sku = { poolId, siteId, modelId: 'zw810e', price, validFrom: FLEET_AT, bands: [] };
    await seedSku(tx, { ...sku, purchase: 'by-card', terms: [{ term: 'month', factorBps: 8_000 }] });
  });
}

/** Sets money and seconds aside for reservations, some at a time. */
async function holdMoney(reservations: readonly BusyReservation[]): Promise<void> {
  for (let i = 0; i < reservations.length; i += POSTED_TOGETHER) {
    const journals = reservations.slice(i, i + POSTED_TOGETHER).map((r) => {
      const seconds = BigInt(r.cards) * BigInt(r.purchase === 'by-card' ? TERM_SECONDS : HELD_HOURS * 3_600);
      return placed(
        r,
        FLEET_AT,
        0,
        units(termPriceOf(r.price) * BigInt(r.cards) * (r.purchase === 'by-card' ? 1n : 20n)),
        seconds,
      );
    });
    await withTx(FLEET_CTX, (tx) => post(FLEET_CTX, tx, journals), { timeoutMs: 120_000 });
  }
}

/** What one card costs for a month: 80 % of the price of its hours. */
export const termPriceOf = (price: PriceVersion): bigint =>
  (price.priceE10PerCardHour * BigInt(TERM_SECONDS / 3_600) * 8n) / 1_000n;

async function writeRows(url: string, fleet: BusyFleet, provenUntil: Instant): Promise<void> {
  const column = <T>(pick: (r: BusyReservation) => T): T[] => fleet.reservations.map(pick);
  await withAdmin(url, async (client) => {
    const run = (sql: string, values: unknown[] = []) => client.query(sql, values);
    await run(
      `INSERT INTO pool_lease (pool_id, epoch, holder, expires_at, decisions, plan_version) VALUES ($1, 1, 'fleet', 'infinity', 0, 0)`,
      [fleet.poolId],
    );
    await run(`SELECT set_config('kashi.epoch', '1', false)`);
    await run(
      `INSERT INTO reservation (id, pool_id, organisation_id, sku_id, price_version_id, name, purchase, cards, topology, start_at,
        end_at, term, term_seconds, term_price_units, placements, noticed_at, state, lost, plan, is_bound, created_by, created_at)
      SELECT i.id, $1, i.org, i.sku, i.price, '训练', i.purchase, i.cards, 'any', $2::timestamptz,
        CASE WHEN i.term IS NOT NULL THEN $2::timestamptz + interval '30 days' END, CASE WHEN i.term IS NOT NULL THEN 'month' END,
        CASE WHEN i.term IS NOT NULL THEN $3 END::int, i.term, 1, $2::timestamptz, 'active', '[]', '[]', true, 'fleet', $2::timestamptz
      FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::bigint[]) AS i (id, org, sku, price, purchase, cards, term)`,
      [
        fleet.poolId,
        toIso(FLEET_AT),
        TERM_SECONDS,
        column((r) => r.reservationId),
        column((r) => r.organisationId),
        column((r) => r.skuId),
        column((r) => r.price.id),
        column((r) => r.purchase),
        column((r) => r.cards),
        column((r) => (r.purchase === 'by-card' ? `${termPriceOf(r.price)}` : null)),
      ],
    );
    await run(
      `INSERT INTO allocation (id, reservation_id, organisation_id, pool_id, card_id, start_at, end_at)
      SELECT 'alc_fleet' || lpad(c.n::text, 6, '0'), r.id, r.org, $1, c.id, $2::timestamptz, (SELECT end_at FROM reservation WHERE id = r.id)
      FROM (SELECT i.id, i.org, s AS seat, row_number() OVER (ORDER BY i.n, s) AS n
        FROM unnest($3::text[], $4::text[], $5::int[]) WITH ORDINALITY AS i (id, org, cards, n), generate_series(1, i.cards) s) r
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM card WHERE pool_id = $1) c USING (n)`,
      [
        fleet.poolId,
        toIso(FLEET_AT),
        column((r) => r.reservationId),
        column((r) => r.organisationId),
        column((r) => r.cards),
      ],
    );
    await run(
      `INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at)
      SELECT id, organisation_id, card_id, start_at FROM allocation WHERE pool_id = $1`,
      [fleet.poolId],
    );
    await run('INSERT INTO proof_mark (pool_id, proven_until) VALUES ($1, $2)', [fleet.poolId, toIso(provenUntil)]);
    await run('ANALYZE');
  });
}

/** Fills a new market: every card of its pool is allocated and proven from {@link FLEET_AT} for `hours` hours. */
export async function seedBusyFleet(
  url: string,
  plan: {
    readonly cards: number;
    readonly organisations: number;
    readonly gangs: readonly number[];
    readonly hours: number;
  },
): Promise<BusyFleet> {
  const { poolId, organisations } = await seedBookingMarket(Math.max(64, plan.cards), plan.organisations);
  await seedTerms(poolId);
  const prices = new Map((await withTx(FLEET_CTX, readPriceVersions)).map((price) => [price.id, price]));
  const reservations = gangsOf(plan.cards, plan.gangs).map((cards, n): BusyReservation => {
    const purchase = n % TERMED_EACH === TERMED_EACH - 1 ? 'by-card' : 'by-hour';
    const skuId = `sku_${poolId.slice('pol_'.length)}-${purchase === 'by-card' ? 'card' : 'hour'}`;
    return {
      reservationId: `rsv_fleet${n.toString().padStart(6, '0')}` as Id<'reservation'>,
      organisationId: present(organisations[n % organisations.length], 'an organisation'),
      poolId,
      skuId,
      purchase,
      cards,
      price: present(
        [...prices.values()].find((price) => price.skuId === skuId),
        skuId,
      ),
    };
  });
  const fleet: BusyFleet = { poolId, reservations, prices };
  await holdMoney(reservations);
  await writeRows(url, fleet, plusMs(FLEET_AT, plan.hours * HOUR_MS));
  return fleet;
}

/** The n-th hour of a fleet. */
export const fleetHour = (n: number): Instant => instant(FLEET_AT + n * HOUR_MS);
