import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { Deduction } from './types.ts';

// The door for billing to what vouchers paid of a month's use, within its own transaction.

type Row = {
  organisation_id: string;
  reservation_id: string;
  name: string;
  project_id: string | null;
  sku_id: string;
  price_version_id: string;
  grant_id: string;
  programme_name: string;
  issuer_name: string;
  first_hour: Date;
  last_hour: Date;
  amount: bigint;
};

/** What vouchers paid of a month's use, by reservation and voucher: of one organisation, or with null of all. */
export async function readDeductions(
  tx: Tx,
  month: Month,
  organisationId: Id<'organisation'> | null,
): Promise<Deduction[]> {
  const { startAt, endAt } = monthInterval(month);
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND b.organisation_id = ${organisationId}`;
  const rows = await tx.$queryRaw<Row[]>`
    SELECT b.organisation_id, b.reservation_id, r.name, r.project_id, r.sku_id, r.price_version_id, b.grant_id, g.programme_name, g.issuer_name,
      min(b.hour_at) AS first_hour, max(b.hour_at) AS last_hour, sum(b.amount_units)::bigint AS amount
    FROM voucher_burn b JOIN reservation r ON r.id = b.reservation_id JOIN voucher_grant g ON g.id = b.grant_id
    WHERE b.hour_at >= ${toDate(startAt)}::timestamptz AND b.hour_at < ${toDate(endAt)}::timestamptz ${whose}
    GROUP BY b.organisation_id, b.reservation_id, r.id, b.grant_id, g.id HAVING sum(b.amount_units) > 0
    ORDER BY b.organisation_id, b.reservation_id, b.grant_id`;
  return rows.map((row) => ({
    organisationId: idFrom('organisation', row.organisation_id),
    reservationId: idFrom('reservation', row.reservation_id),
    reservationName: row.name,
    projectId: row.project_id === null ? null : idFrom('project', row.project_id),
    skuId: idFrom('sku', row.sku_id),
    priceVersionId: idFrom('priceVersion', row.price_version_id),
    grantId: idFrom('promoGrant', row.grant_id),
    programmeName: row.programme_name,
    issuerName: row.issuer_name,
    firstHourAt: fromDate(row.first_hour),
    lastHourAt: fromDate(row.last_hour),
    amountUnits: units(row.amount),
  }));
}

/** What vouchers paid of a reservation's hold, less what went back to them, in 1e-8 yuan. */
export async function readVouchersPart(tx: Tx, reservationId: string): Promise<Units> {
  const [row] = await tx.$queryRaw<{ paid: bigint }[]>`
    SELECT coalesce(sum(placed_units - returned_units), 0)::bigint AS paid FROM voucher_tranche
    WHERE reservation_id = ${reservationId} AND grant_id IS NOT NULL`;
  return units(row?.paid ?? 0n);
}
