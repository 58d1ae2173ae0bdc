import type { Id } from '#lib/core/id.ts';
import { monthInterval, parseMonth } from '#lib/core/period.ts';
import { toIso } from '#lib/core/instant.ts';
import { present } from '#lib/core/assert.ts';
import { seedBookingMarket } from '#lib/engine/testing-bookings.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';

export const EXPORT_MONTH = present(parseMonth('2026-11'), 'month');

/** A month of 30 days, every card charged in every hour. */
export const HOURS_OF_MONTH = 720;
const CARDS_PER_RESERVATION = 16;

/**
 * Fills November with the charges of `cards` cards in every hour, as the hourly run writes them: reservations of 16 cards,
 * odd seconds in each hour, charges that telescope. Written with the owner's rights, since no clock runs for it.
 */
export async function seedCharges(url: string, cards: number): Promise<Id<'organisation'>> {
  const { poolId, organisations } = await seedBookingMarket(Math.max(1_024, cards), 1);
  const organisationId = present(organisations[0], 'an organisation');
  const { startAt, endAt } = monthInterval(EXPORT_MONTH);
  await withAdmin(url, async (client) => {
    const run = (sql: string, values: unknown[]) => client.query(sql, values);
    await run(
      `INSERT INTO pool_lease (pool_id, epoch, holder, expires_at, decisions, plan_version) VALUES ($1, 1, 'bench', 'infinity', 0, 0)
      ON CONFLICT (pool_id) DO UPDATE SET epoch = 1`,
      [poolId],
    );
    await run(`SELECT set_config('kashi.epoch', '1', false)`, []);
    await run(
      `INSERT INTO reservation (id, pool_id, organisation_id, sku_id, price_version_id, name, purchase, cards, topology, start_at,
        end_at, placements, noticed_at, state, ended_at, settled_at, lost, plan, is_bound, created_by, created_at)
      SELECT 'rsv_bench' || n, $1, $2, v.sku_id, v.id, '训练任务 ' || n, 'by-hour', $5, 'any', $3, $4, 1, $4, 'ended', $4, $4, '[]', '[]', true, 'x', $3
      FROM generate_series(0, ($6 - 1) / $5) n, (SELECT v.id, v.sku_id FROM price_version v JOIN sku s ON s.id = v.sku_id
        WHERE s.pool_id = $1 AND s.purchase = 'by-hour' AND v.tier = 'standard' LIMIT 1) v`,
      [poolId, organisationId, toIso(startAt), toIso(endAt), CARDS_PER_RESERVATION, cards],
    );
    await run(
      `INSERT INTO allocation (id, reservation_id, organisation_id, pool_id, card_id, start_at, end_at)
      SELECT 'alc_bench' || lpad(c.n::text, 6, '0'), 'rsv_bench' || (c.n - 1) / $5, $1, $2, c.id, $3, $4
      FROM (SELECT c.id, row_number() OVER (ORDER BY c.id) AS n FROM card c) c WHERE c.n <= $6`,
      [organisationId, poolId, toIso(startAt), toIso(endAt), CARDS_PER_RESERVATION, cards],
    );
    await run(
      `INSERT INTO usage_charge (allocation_id, hour_at, revision, organisation_id, reservation_id, card_id, pool_id, sku_id,
        price_version_id, purchase, start_at, end_at, used_seconds, down_seconds, unused_seconds, band_bps,
        weighted_seconds_to_date, charged_to_date_units, amount_units, journal_key, charged_at)
      SELECT id, hour_at, 0, organisation_id, reservation_id, card_id, pool_id, sku_id, price_version_id, 'by-hour', hour_at,
        hour_at + interval '1 hour', used, 3600 - used, 0, 10000, weighted, div(price::numeric * weighted, 3600000000),
        div(price::numeric * weighted, 3600000000) - div(price::numeric * (weighted - used * 10000), 3600000000),
        'meter:' || reservation_id || ':' || hour_at, $1::timestamptz
      FROM (SELECT a.*, r.sku_id, r.price_version_id, v.price_e10_per_card_hour AS price, h AS hour_at, used,
          (sum(used) OVER (PARTITION BY a.id ORDER BY h) * 10000)::bigint AS weighted
        FROM allocation a JOIN reservation r ON r.id = a.reservation_id JOIN price_version v ON v.id = r.price_version_id,
          generate_series($1::timestamptz, $2::timestamptz - interval '1 hour', '1 hour') h,
          LATERAL (SELECT (3600 - (extract(hour FROM h)::int % 7) * 100)::int AS used) u) c`,
      [toIso(startAt), toIso(endAt)],
    );
    await run('ANALYZE usage_charge', []);
  });
  return organisationId;
}
