import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES, TERMS } from '#lib/catalog/types.ts';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate, later } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import type { ExportMonth } from './month-store.ts';
import { accountOf, skuOf } from './focus/month.ts';
import { listOf } from './list-prices.ts';
import type { UsageRecord } from './types.ts';

/** Where a walk over usage charges stands: their order is hour, allocation, revision. */
export type UsageCursor = Pick<UsageRecord, 'hourAt' | 'allocationId' | 'revision'>;

/** Which charges of a month: of one organisation or with null of all, known at a time. */
export type UsageWalk = { readonly organisationId: Id<'organisation'> | null; readonly knownAt: Instant };

type UsageRow = {
  allocation_id: string;
  hour_at: Date;
  revision: number;
  organisation_id: string;
  reservation_id: string;
  reservation_name: string;
  term: string | null;
  term_seconds: number | null;
  term_price_units: bigint | null;
  project_id: string | null;
  card_id: string;
  sku_id: string;
  price_version_id: string;
  purchase: string;
  start_at: Date;
  end_at: Date;
  used_seconds: number;
  down_seconds: number;
  unused_seconds: number;
  band_bps: number;
  charged_to_date_units: bigint;
  amount_units: bigint;
  journal_key: string;
  charged_at: Date;
};

function termOf(row: UsageRow): UsageRecord['term'] {
  const { term, term_seconds: seconds, term_price_units: price } = row;
  return term === null || seconds === null || price === null
    ? null
    : { name: oneOf(TERMS, term), seconds, priceUnits: units(price) };
}

function fromUsageRow(row: UsageRow, facts: ExportMonth): UsageRecord {
  return {
    month: facts.month,
    organisationId: idFrom('organisation', row.organisation_id),
    organisationName: accountOf(facts, row.organisation_id).name,
    reservationId: idFrom('reservation', row.reservation_id),
    reservationName: row.reservation_name,
    projectId: row.project_id === null ? null : idFrom('project', row.project_id),
    skuId: idFrom('sku', row.sku_id),
    model: skuOf(facts, row.sku_id).model,
    purchase: oneOf(PURCHASES, row.purchase),
    allocationId: idFrom('allocation', row.allocation_id),
    cardId: idFrom('card', row.card_id),
    hourAt: fromDate(row.hour_at),
    startAt: fromDate(row.start_at),
    endAt: fromDate(row.end_at),
    usedSeconds: row.used_seconds,
    unusedSeconds: row.unused_seconds,
    downSeconds: row.down_seconds,
    priceVersionId: idFrom('priceVersion', row.price_version_id),
    priceE10PerCardHour: present(facts.prices.get(row.price_version_id), `the price ${row.price_version_id}`),
    bandBps: row.band_bps,
    chargedToDateUnits: units(row.charged_to_date_units),
    amountUnits: units(row.amount_units),
    revision: row.revision,
    chargedAt: fromDate(row.charged_at),
    journalKey: row.journal_key,
    term: termOf(row),
    ...listOf(facts.lists.get(row.price_version_id), termOf(row)),
  };
}

/** The next charges of a walk, from after the cursor on, at most `take`: of the month's hours and late ones that it bills. */
export async function readUsageAfter(
  tx: Tx,
  facts: ExportMonth,
  { organisationId, knownAt }: UsageWalk,
  cursor: UsageCursor | null,
  take: number,
): Promise<UsageRecord[]> {
  const { startAt, endAt } = monthInterval(facts.month);
  const whose = organisationId === null ? Prisma.empty : Prisma.sql`AND u.organisation_id = ${organisationId}`;
  // What corrects an earlier month counts from the first instant of this one.
  const from = cursor === null ? startAt : later(startAt, cursor.hourAt);
  const after =
    cursor === null
      ? Prisma.empty
      : Prisma.sql`AND (u.counts_at, u.hour_at, u.allocation_id, u.revision)
          > (${toDate(from)}::timestamptz, ${toDate(cursor.hourAt)}::timestamptz, ${cursor.allocationId}, ${cursor.revision})`;
  const rows = await tx.$queryRaw<UsageRow[]>`
    SELECT u.allocation_id, u.hour_at, u.revision, u.organisation_id, u.reservation_id, r.name AS reservation_name,
      r.project_id,
      r.term, r.term_seconds, r.term_price_units, u.card_id, u.sku_id, u.price_version_id, u.purchase, u.start_at, u.end_at,
      u.used_seconds, u.down_seconds, u.unused_seconds, u.band_bps, u.charged_to_date_units, u.amount_units, u.journal_key,
      u.charged_at
    FROM (
      SELECT * FROM usage_charge u
      WHERE u.counts_at >= ${toDate(from)}::timestamptz AND u.counts_at < ${toDate(endAt)}::timestamptz
        AND u.charged_at <= ${toDate(knownAt)}::timestamptz ${whose} ${after}
      ORDER BY u.counts_at, u.hour_at, u.allocation_id, u.revision LIMIT ${take}) u
    JOIN reservation r ON r.id = u.reservation_id
    ORDER BY u.counts_at, u.hour_at, u.allocation_id, u.revision`;
  return rows.map((row) => fromUsageRow(row, facts));
}
