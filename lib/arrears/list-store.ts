import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { type Instant, toDate } from '#lib/core/instant.ts';
import { shanghaiHourOf } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { stateOf } from './store.ts';
import { ARREARS_STATES, type ArrearsState } from './types.ts';

/** Whom something may happen to: who runs an open end, is not well, or owes for hours of grace. */
const CONCERNED = Prisma.sql`
  SELECT organisation_id FROM reservation WHERE state = 'active' AND end_at IS NULL AND held_until IS NOT NULL
  UNION SELECT organisation_id FROM arrears WHERE state <> 'ok'
  UNION SELECT organisation_id FROM account WHERE kind = 'arrears' AND balance_units < 0`;

/** How many of those concerned are in each state. */
export async function countConcerned(tx: Tx): Promise<Map<ArrearsState, number>> {
  const rows = await tx.$queryRaw<{ state: string; count: number }[]>`
    SELECT coalesce(a.state, 'ok') AS state, count(*)::int AS count
    FROM (${CONCERNED}) c LEFT JOIN arrears a ON a.organisation_id = c.organisation_id GROUP BY 1`;
  return new Map(rows.map(({ state, count }) => [stateOf(state), count]));
}

/**
 * A page of those concerned: the furthest gone first, then by how long money and vouchers last at the rate of this hour,
 * then by name. The exact forecast of each is the caller's; it needs every hour to come.
 */
export async function readConcerned(
  tx: Tx,
  now: Instant,
  { state, skip, take }: { readonly state: ArrearsState | null; readonly skip: number; readonly take: number },
): Promise<{ readonly id: Id<'organisation'>; readonly name: string }[]> {
  const hour = shanghaiHourOf(now);
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    WITH burn AS (
      SELECT r.organisation_id, sum(r.cards * v.price_e10_per_card_hour::numeric * coalesce(b.factor_bps, 10000)) / 1000000 AS units
      FROM reservation r JOIN price_version v ON v.id = r.price_version_id
        LEFT JOIN LATERAL (SELECT factor_bps FROM price_band p WHERE p.price_version_id = v.id AND p.from_hour <= ${hour} AND p.to_hour > ${hour}
          ORDER BY p.from_hour LIMIT 1) b ON true
      WHERE r.state = 'active' AND r.end_at IS NULL AND r.held_until IS NOT NULL GROUP BY 1
    ), voucher AS (
      SELECT g.organisation_id, sum(p.balance_units) AS units FROM voucher_grant g
        JOIN account p ON p.path = 'wallet:' || g.organisation_id || ':promo:' || g.id
      WHERE g.withdrawn_at IS NULL AND g.valid_from <= ${toDate(now)}::timestamptz AND g.valid_until > ${toDate(now)}::timestamptz
        AND g.organisation_id IN (SELECT organisation_id FROM burn) GROUP BY 1
    )
    SELECT o.id, o.name FROM (${CONCERNED}) c JOIN organisation o ON o.id = c.organisation_id
      LEFT JOIN arrears a ON a.organisation_id = o.id LEFT JOIN burn ON burn.organisation_id = o.id
      LEFT JOIN voucher ON voucher.organisation_id = o.id
      LEFT JOIN account w ON w.path = 'wallet:' || o.id || ':cash' LEFT JOIN account d ON d.path = 'ar:' || o.id || ':arrears'
    WHERE ${state}::text IS NULL OR coalesce(a.state, 'ok') = ${state}
    ORDER BY array_position(${[...ARREARS_STATES]}::text[], coalesce(a.state, 'ok')) DESC,
      (coalesce(w.balance_units - w.minimum_units, 0) + coalesce(d.balance_units, 0) + coalesce(voucher.units, 0)) / nullif(burn.units, 0) NULLS LAST,
      o.name, o.id COLLATE "C" OFFSET ${skip} LIMIT ${take}`;
  return rows.map(({ id, name }) => ({ id: idFrom('organisation', id), name }));
}
