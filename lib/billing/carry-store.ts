import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';

/** A line of an invoice to come that would ask for less than nothing: what was put right later came to more than was used. */
export type ShortLine = {
  readonly organisationId: Id<'organisation'>;
  readonly skuId: string;
  readonly priceVersionId: string;
  /** How far below zero it is, more than zero. */
  readonly shortUnits: bigint;
};

/** The lines of a month that would be below zero, by the sums that are kept when its close begins, less what vouchers paid. */
export async function readShortLines(tx: Tx, month: Month): Promise<ShortLine[]> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<
    { organisation_id: string; sku_id: string; price_version_id: string; short: bigint }[]
  >`
    SELECT u.organisation_id, u.sku_id, u.price_version_id, (coalesce(v.units, 0) - u.gross)::bigint AS short FROM (
      SELECT organisation_id, sku_id, price_version_id, sum(amount_units) AS gross FROM period_sum WHERE month = ${month} GROUP BY 1, 2, 3) u
    LEFT JOIN (
      SELECT b.organisation_id, r.sku_id, r.price_version_id, sum(b.amount_units) AS units
      FROM voucher_burn b JOIN reservation r ON r.id = b.reservation_id
      WHERE b.hour_at >= ${toDate(startAt)}::timestamptz AND b.hour_at < ${toDate(endAt)}::timestamptz GROUP BY 1, 2, 3
    ) v USING (organisation_id, sku_id, price_version_id)
    WHERE coalesce(v.units, 0) > u.gross ORDER BY 1, 2, 3`;
  return rows.map((row) => ({
    organisationId: idFrom('organisation', row.organisation_id),
    skuId: row.sku_id,
    priceVersionId: row.price_version_id,
    shortUnits: row.short,
  }));
}

/** An hour of which less is charged in a month than was before, by revisions; seconds are below zero. */
export type Correction = {
  readonly allocationId: string;
  readonly hourAt: Instant;
  readonly startAt: Instant;
  readonly endAt: Instant;
  /** The last of the hour, in whichever month. */
  readonly revision: number;
  readonly bandBps: number;
  readonly usedSeconds: number;
  /** What of it lessened what is owed on account; the rest came into the wallet. */
  readonly owedUnits: bigint;
};

/** The corrections that make a line of a month less, the newest first. */
export async function readCorrections(tx: Tx, month: Month, line: ShortLine): Promise<Correction[]> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<
    {
      allocation_id: string;
      hour_at: Date;
      start_at: Date;
      end_at: Date;
      revision: number;
      band_bps: number;
      used: number;
      owed: bigint;
    }[]
  >`
    SELECT c.*, (SELECT max(x.revision) FROM usage_charge x WHERE x.allocation_id = c.allocation_id AND x.hour_at = c.hour_at) AS revision FROM (
      SELECT u.allocation_id, u.hour_at, min(u.start_at) AS start_at, min(u.end_at) AS end_at, min(u.band_bps) AS band_bps,
        sum(u.used_seconds)::int AS used, max(u.number) AS number,
        coalesce(sum((SELECT sum(p.credit_units - p.debit_units) FROM journal j JOIN posting p ON p.journal_id = j.id
          JOIN account a ON a.id = p.account_id AND a.kind = 'receivable' WHERE j.key = u.journal_key)), 0)::bigint AS owed
      FROM usage_charge u WHERE u.organisation_id = ${line.organisationId} AND u.sku_id = ${line.skuId} AND u.price_version_id = ${line.priceVersionId}
        AND u.counts_at >= ${toDate(startAt)}::timestamptz AND u.counts_at < ${toDate(endAt)}::timestamptz AND u.revision > 0
      GROUP BY u.allocation_id, u.hour_at HAVING sum(u.amount_units) < 0) c
    ORDER BY c.number DESC`;
  return rows.map((row) => ({
    allocationId: row.allocation_id,
    hourAt: fromDate(row.hour_at),
    startAt: fromDate(row.start_at),
    endAt: fromDate(row.end_at),
    revision: row.revision,
    bandBps: row.band_bps,
    usedSeconds: row.used,
    owedUnits: row.owed,
  }));
}
