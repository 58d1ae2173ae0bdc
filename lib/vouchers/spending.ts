import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { earlier, fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { askDirectly } from '#lib/platform/direct-statements.ts';
import type { Voucher } from './types.ts';

// The door for other modules to what vouchers could pay, within their own transaction.

type Row = {
  id: string;
  organisation_id: string;
  site_ids: string[];
  model_ids: string[];
  purchases: string[];
  priority: number;
  valid_from: Date;
  valid_until: Date;
  withdrawn_at: Date | null;
  granted_at: Date;
  left_units: bigint;
};

function fromRow(row: Row): Voucher {
  const until = fromDate(row.valid_until);
  return {
    grantId: idFrom('promoGrant', row.id),
    organisationId: idFrom('organisation', row.organisation_id),
    scope: {
      siteIds: row.site_ids,
      modelIds: row.model_ids,
      purchases: row.purchases.map((purchase) => oneOf(PURCHASES, purchase)),
    },
    priority: row.priority,
    validFrom: fromDate(row.valid_from),
    validUntil: row.withdrawn_at === null ? until : earlier(until, fromDate(row.withdrawn_at)),
    grantedAt: fromDate(row.granted_at),
    leftUnits: units(row.left_units),
  };
}

/**
 * The vouchers of organisations that have something left and are not over at an instant, by organisation. Whoever
 * decides from it holds the lock of the wallets: everything that lessens a voucher takes it first.
 */
export async function readVouchers(
  tx: Tx,
  organisationIds: readonly string[],
  at: Instant,
): Promise<Map<Id<'organisation'>, Voucher[]>> {
  if (organisationIds.length === 0) return new Map();
  const rows = await askDirectly<Row>(
    tx,
    Prisma.sql`
    SELECT g.id, g.organisation_id, g.site_ids, g.model_ids, g.purchases, g.priority, g.valid_from, g.valid_until, g.withdrawn_at,
      g.granted_at, a.balance_units AS left_units
    FROM voucher_grant g JOIN account a ON a.path = 'wallet:' || g.organisation_id || ':promo:' || g.id
    WHERE g.organisation_id = ANY(${organisationIds}::text[]) AND g.valid_until > ${toDate(at)}::timestamptz
      AND g.withdrawn_at IS NULL AND a.balance_units > 0
    ORDER BY g.organisation_id, g.id`,
  );
  return Map.groupBy(rows.map(fromRow), ({ organisationId }) => organisationId);
}
