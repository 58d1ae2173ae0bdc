import type { Client } from 'pg';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { HOUR_MS, type Instant, instant, toIso } from '#lib/core/instant.ts';
import { fen, fenToUnits, parsePrice } from '#lib/core/money.ts';
import { type Month, monthCutoffAt, monthInterval } from '#lib/core/period.ts';
import { openWallet, post, readHoldRests, resolveHolds } from '#lib/ledger/posting.ts';
import { placed, returned, type ReservationRef, topUpSettled } from '#lib/ledger/templates.ts';
import { startDemoClock } from '#lib/platform/clock.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { seedModels, seedSku } from '#prisma/seed/catalog.ts';
import { seedLevels, seedSite, siteOf } from '#prisma/seed/fleet.ts';

// A month that was charged in full, written directly: one pool, organisations with a reservation each, every hour of it
// charged with odd seconds, and the ledger that says the same. Ids and amounts follow from numbers.

export type ChargedMonth = {
  readonly month: Month;
  /** The cards of each organisation's reservation. */
  readonly cards: readonly number[];
  /** From the month's first hour on. */
  readonly hours: number;
  /** Rows are written from the last to the first: the same data in another order. */
  readonly isBackwards?: boolean;
  /** With the evidence behind the charges, for proofs of it: a row for each card and hour. */
  readonly hasEvidence?: boolean;
};

const PRICE = present(parsePrice('12'), 'price');
const SEEDING_MS = 600_000;
const JOURNALS_PER_STATEMENT = 2_000;
const HOURS_PER_STATEMENT = 24;

function bytesOf(n: number): Uint8Array {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(6, n + 1);
  return bytes;
}

type Part = { readonly n: number; readonly cards: number; readonly ref: ReservationRef };

const contextAt = (now: Instant): Ctx => ({
  actor: { kind: 'system', job: 'seeding' },
  scope: { kind: 'system' },
  requestId: 'req_month',
  now,
});

/** The ids of the month's organisations, in the order of their numbers. */
export function organisationsOf({ month, cards }: Pick<ChargedMonth, 'month' | 'cards'>): Id<'organisation'>[] {
  const { startAt } = monthInterval(month);
  return cards.map((_, n) => makeId('organisation', startAt, bytesOf(n)));
}

/** Writes the month into the open, empty database of the owner's URL; its clock then stands at the month's cutoff. */
export async function seedChargedMonth(url: string, wish: ChargedMonth): Promise<void> {
  const { startAt } = monthInterval(wish.month);
  const total = wish.cards.reduce((sum, each) => sum + each, 0);
  const ctx = contextAt(startAt);
  await withTx(ctx, (tx) => startDemoClock(tx, startAt));
  const pool = async (tx: Tx): Promise<string> => {
    await seedLevels(tx);
    await seedModels(tx);
    const place = await seedSite(tx, siteOf('sg', Math.max(16, Math.ceil(total / 16) * 16)), 7, startAt);
    await seedSku(tx, {
      ...place,
      modelId: 'zw810e',
      price: PRICE,
      validFrom: startAt,
      bands: [],
      terms: [],
      purchase: 'by-hour',
    });
    return place.poolId;
  };
  const poolId = await withTx(ctx, pool, { timeoutMs: SEEDING_MS });
  const skuId = `sku_${poolId.slice('pol_'.length)}-hour`;
  const parts = organisationsOf(wish).map((organisationId, n): Part => {
    const reservationId = makeId('reservation', startAt, bytesOf(n));
    return { n, cards: wish.cards[n] ?? 0, ref: { reservationId, organisationId, poolId, skuId, purchase: 'by-hour' } };
  });
  const ordered = wish.isBackwards ? parts.toReversed() : parts;
  await seedMoney(ctx, ordered, wish.hours);
  await seedUsage(url, ordered, wish);
  await returnRests(ordered, instant(startAt + wish.hours * HOUR_MS));
  await withTx(ctx, (tx) => startDemoClock(tx, monthCutoffAt(wish.month)));
}

/** Organisations, each with what its reservation holds. */
async function seedMoney(ctx: Ctx, parts: readonly Part[], hours: number): Promise<void> {
  for (let i = 0; i < parts.length; i += 100)
    await withTx(ctx, async (tx) => {
      const group = parts.slice(i, i + 100);
      await tx.organisation.createMany({
        data: group.map(({ n, ref }) => ({
          id: ref.organisationId,
          slug: `customer-${n}`,
          name: `客户 ${n}`,
          createdAt: new Date(ctx.now),
          cardQuota: 1_000_000,
        })),
      });
      for (const { ref } of group) await openWallet(tx, ref.organisationId);
      await post(
        ctx,
        tx,
        group.flatMap(({ n, cards, ref }) => {
          const paid = fen(BigInt(cards * hours) * 1_200n);
          const payment = makeId('payment', ctx.now, bytesOf(n));
          return [
            topUpSettled(payment, ref.organisationId, 'sandbox', paid, ctx.now),
            placed(ref, ctx.now, 0, fenToUnits(paid), BigInt(cards * hours * 3_600)),
          ];
        }),
      );
    });
}

/**
 * Reservations, allocations, charges and their journals, with the owner's rights and without triggers: they are as triggers
 * demand, and the proofs of the whole database say so.
 */
async function seedUsage(url: string, parts: readonly Part[], wish: ChargedMonth): Promise<void> {
  const { month, hours, isBackwards, hasEvidence } = wish;
  const { startAt } = monthInterval(month);
  const first = new Map<number, number>();
  let next = 1;
  for (const { n, cards } of parts.toSorted((a, b) => a.n - b.n)) {
    first.set(n, next);
    next += cards;
  }
  await withAdmin(url, async (client) => {
    await client.query(`SET session_replication_role = replica; SET synchronous_commit = off;
      SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'; SELECT set_config('kashi.scope', 'system', false)`);
    await client.query(
      `CREATE TEMP TABLE part AS SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::text[])
        WITH ORDINALITY AS p (n, first, cards, reservation_id, organisation_id, place)`,
      [
        parts.map(({ n }) => n),
        parts.map(({ n }) => first.get(n)),
        parts.map(({ cards }) => cards),
        parts.map(({ ref }) => ref.reservationId),
        parts.map(({ ref }) => ref.organisationId),
      ],
    );
    await seedReservations(client, present(parts[0], 'an organisation').ref, wish);
    await client.query(
      `CREATE TEMP TABLE hour AS
      SELECT n, at, used, weighted, to_date_units, to_date_units - lag(to_date_units, 1, 0::bigint) OVER (PARTITION BY n ORDER BY at) AS amount_units FROM (
        SELECT n, $1::timestamptz + make_interval(hours => h) AS at, used, weighted, div($2::numeric * weighted, 3600000000)::bigint AS to_date_units FROM (
          SELECT n, h, used, (sum(used) OVER (PARTITION BY n ORDER BY h) * 10000)::bigint AS weighted
          FROM part, generate_series(0, $3 - 1) h, LATERAL (SELECT 3600 - ((h + n) % 7) * 100 - n % 13 AS used) u) w) c`,
      [toIso(startAt), PRICE.toString(), hours],
    );
    await client.query('CREATE INDEX ON hour (at); ANALYZE part, hour, allocation');
    await withoutIndexes(client, async () => {
      for (let h = 0; h < hours; h += HOURS_PER_STATEMENT)
        await client.query(
          chargesQuery(isBackwards ? 'DESC' : 'ASC'),
          [h, h + HOURS_PER_STATEMENT].map((each) => toIso(instant(startAt + each * HOUR_MS))),
        );
    });
    const atHours = Array.from({ length: hours }, (_, h) => toIso(instant(startAt + h * HOUR_MS)));
    for (const at of isBackwards ? atHours.toReversed() : atHours) await client.query(JOURNALS, [at]);
    if (hasEvidence)
      await client.query(
        `INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at, end_at)
        SELECT allocation_id, organisation_id, card_id, hour_at, hour_at + make_interval(secs => used_seconds) FROM usage_charge`,
      );
    await client.query('ANALYZE');
  });
}

async function seedReservations(
  client: Client,
  { poolId, skuId }: ReservationRef,
  { month, hours, isBackwards }: ChargedMonth,
): Promise<void> {
  const { startAt } = monthInterval(month);
  const [from, to] = [toIso(startAt), toIso(instant(startAt + hours * HOUR_MS))];
  await client.query(
    `INSERT INTO reservation (id, pool_id, organisation_id, sku_id, price_version_id, name, purchase, cards, topology, start_at,
      end_at, placements, noticed_at, state, ended_at, settled_at, lost, plan, is_bound, created_by, created_at)
    SELECT reservation_id, $1, organisation_id, $2, v.id, '训练作业 ' || n, 'by-hour', cards, 'any', $3::timestamptz, $4::timestamptz, 1,
      $4::timestamptz, 'ended', $4::timestamptz, $4::timestamptz, '[]', '[]', true, 'system:seeding', $3::timestamptz
    FROM part, (SELECT id FROM price_version WHERE sku_id = $2 LIMIT 1) v`,
    [poolId, skuId, from, to],
  );
  await client.query(
    `INSERT INTO allocation (id, reservation_id, organisation_id, pool_id, card_id, start_at, end_at)
    SELECT 'alc_' || lpad(c.n::text, 8, '0'), p.reservation_id, p.organisation_id, $1, c.id, $2, $3
    FROM part p JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM card) c ON c.n >= p.first AND c.n < p.first + p.cards
    ORDER BY c.n ${isBackwards ? 'DESC' : 'ASC'}`,
    [poolId, from, to],
  );
}

/** Indexes of millions of rows are made faster at the end than row by row, the key's too. */
async function withoutIndexes(client: Client, fill: () => Promise<void>): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'usage_charge' AND indexname <> 'usage_charge_pkey'`,
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await client.query('ALTER TABLE usage_charge DROP CONSTRAINT usage_charge_pkey');
  await fill();
  await client.query(
    'ALTER TABLE usage_charge ADD CONSTRAINT usage_charge_pkey PRIMARY KEY (allocation_id, hour_at, revision)',
  );
  for (const { definition } of indexes) await client.query(definition);
}

/** The charges of some hours: the same for every card of an organisation. */
const chargesQuery = (down: 'ASC' | 'DESC'): string =>
  `INSERT INTO usage_charge (allocation_id, hour_at, revision, organisation_id, reservation_id, card_id, pool_id, sku_id,
    price_version_id, purchase, start_at, end_at, used_seconds, down_seconds, unused_seconds, band_bps,
    weighted_seconds_to_date, charged_to_date_units, amount_units, journal_key, charged_at)
  SELECT a.id, x.at, 0, a.organisation_id, a.reservation_id, a.card_id, a.pool_id, r.sku_id, r.price_version_id, 'by-hour', x.at,
    x.at + interval '1 hour', used, 3600 - used, 0, 10000, weighted, to_date_units, amount_units,
    'meter:' || a.reservation_id || ':' || to_char(x.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') || ':0', x.at + interval '1 hour'
  FROM hour x JOIN part p USING (n) JOIN reservation r ON r.id = p.reservation_id JOIN allocation a ON a.reservation_id = r.id
  WHERE x.at >= $1 AND x.at < $2 ORDER BY x.at ${down}, a.id ${down}`;

/** The journals of an hour's charges, through the door of the hourly run. */
const JOURNALS = `SELECT ledger_post_charges('system:seeding', $1::timestamptz + interval '1 hour', min(r.pool_id), $1::timestamptz,
    array_agg(r.id ORDER BY place), array_agg(r.organisation_id ORDER BY place), array_agg(r.sku_id ORDER BY place), array_agg(place::int ORDER BY place),
    array_agg(r.purchase ORDER BY place), array_agg($1::timestamptz + interval '1 hour' ORDER BY place), array_agg(amount_units * r.cards ORDER BY place),
    array_agg((used * r.cards)::bigint ORDER BY place), array_agg(0::bigint ORDER BY place), array_agg(((3600 - used) * r.cards)::bigint ORDER BY place))
  FROM hour h JOIN part p USING (n) JOIN reservation r ON r.id = p.reservation_id WHERE h.at = $1`;

/** What is left of the holds goes back to the wallets. */
async function returnRests(parts: readonly Part[], at: Instant): Promise<void> {
  const ctx = contextAt(at);
  for (let i = 0; i < parts.length; i += JOURNALS_PER_STATEMENT)
    await withTx(
      ctx,
      async (tx) => {
        const group = parts.slice(i, i + JOURNALS_PER_STATEMENT).map(({ ref }) => ref);
        const ids = group.map(({ reservationId }) => reservationId);
        const rests = await readHoldRests(tx, ids);
        const restOf = (id: Id<'reservation'>) => present(rests.get(id), id);
        await post(
          ctx,
          tx,
          group.map((ref) => {
            const { leftUnits, leftCardSeconds } = restOf(ref.reservationId);
            return returned(ref, instant(at - 1), leftUnits, leftCardSeconds);
          }),
        );
        await resolveHolds(tx, ids, at);
      },
      { timeoutMs: SEEDING_MS },
    );
}
