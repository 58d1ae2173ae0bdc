import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { Prisma, Tx } from '#lib/platform/db.ts';
import type { Billable, IssuedInvoice, NumberRange } from './issuing.ts';
import type { UsageSum } from './types.ts';

/** Whoever closes waits this long for another who has begun the same: longer than the sums of millions of charges take. */
const LOCK_WAIT = '120s';

/** Holds a month's charges still until the transaction ends: the database's trigger on them takes the same lock shared. */
export async function lockCharges(tx: Tx, month: Month): Promise<void> {
  await tx.$executeRaw`SELECT set_config('lock_timeout', ${LOCK_WAIT}, true)`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(2028, billing_month_lock(${month}))`;
}

/** One batch of a month's invoices at a time. */
export async function lockIssuing(tx: Tx, month: Month): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(2029, billing_month_lock(${month}))`;
}

/** When a month's close began, and whether it is done; null before. */
export async function findClose(tx: Tx, month: Month): Promise<{ cutoffAt: Instant; isClosed: boolean } | null> {
  const row = await tx.billingPeriod.findUnique({ where: { month }, select: { state: true, cutoffAt: true } });
  return row && { cutoffAt: fromDate(row.cutoffAt), isClosed: row.state === 'closed' };
}

/** Sets the watermark and keeps the sums as of it. The charges must be held still: see {@link lockCharges}. */
export async function beginClose(tx: Tx, month: Month, cutoffAt: Instant): Promise<void> {
  await tx.billingPeriod.create({ data: { month, state: 'closing', cutoffAt: toDate(cutoffAt) } });
  await tx.$executeRaw`SELECT billing_keep_sums(${month})`;
}

export type KeptSums = {
  readonly charges: bigint;
  readonly usedSeconds: bigint;
  readonly amountUnits: Units;
  readonly organisations: number;
};

/** What the sums of months whose close has begun come to, by month. */
export async function readKeptSums(tx: Tx, months: readonly Month[]): Promise<Map<string, KeptSums>> {
  const rows = await tx.$queryRaw<
    { month: string; charges: bigint; used: bigint; amount: bigint; organisations: number }[]
  >`
    SELECT month, sum(charges)::bigint AS charges, sum(used_seconds)::bigint AS used, sum(amount_units)::bigint AS amount,
      count(DISTINCT organisation_id)::int AS organisations
    FROM period_sum WHERE month = ANY(${months}::text[]) GROUP BY month`;
  return new Map(
    rows.map(({ month, charges, used, amount, organisations }) => [
      month,
      { charges, usedSeconds: used, amountUnits: units(amount), organisations },
    ]),
  );
}

/**
 * The next organisations to bill for a month, with their sums by SKU and price: those that were charged something and
 * have no invoice, in the order of their ids by bytes. `take` at most.
 */
export async function readBillables(tx: Tx, month: Month, take: number): Promise<Omit<Billable, 'vouchers'>[]> {
  const accounts = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT a.organisation_id AS id, a.name FROM period_account a
    WHERE a.month = ${month} AND a.amount_units <> 0
      AND NOT EXISTS (SELECT FROM invoice i WHERE i.organisation_id = a.organisation_id AND i.month = a.month)
    ORDER BY a.organisation_id COLLATE "C" LIMIT ${take}`;
  const ids = accounts.map(({ id }) => id);
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<
    {
      organisation_id: string;
      sku_id: string;
      price_version_id: string;
      purchase: string;
      tax_rate_bps: number;
      used: bigint;
      unused: bigint;
      gross: bigint;
      voucher: bigint;
    }[]
  >`
    SELECT u.*, coalesce(v.units, 0)::bigint AS voucher FROM (
      SELECT organisation_id, sku_id, price_version_id, purchase, tax_rate_bps, sum(used_seconds)::bigint AS used,
        sum(unused_seconds)::bigint AS unused, sum(amount_units)::bigint AS gross
      FROM period_sum WHERE month = ${month} AND organisation_id = ANY(${ids}::text[]) GROUP BY 1, 2, 3, 4, 5) u
    LEFT JOIN (
      SELECT b.organisation_id, r.sku_id, r.price_version_id, sum(b.amount_units) AS units
      FROM voucher_burn b JOIN reservation r ON r.id = b.reservation_id
      WHERE b.organisation_id = ANY(${ids}::text[]) AND b.hour_at >= ${toDate(startAt)}::timestamptz AND b.hour_at < ${toDate(endAt)}::timestamptz
      GROUP BY 1, 2, 3) v USING (organisation_id, sku_id, price_version_id)
    ORDER BY organisation_id COLLATE "C", sku_id COLLATE "C", price_version_id COLLATE "C"`;
  const sums = Map.groupBy(rows, (row) => row.organisation_id);
  return accounts.map(({ id, name }) => ({
    organisationId: idFrom('organisation', id),
    name,
    sums: (sums.get(id) ?? []).map(
      (row): UsageSum => ({
        skuId: idFrom('sku', row.sku_id),
        priceVersionId: idFrom('priceVersion', row.price_version_id),
        purchase: oneOf(PURCHASES, row.purchase),
        taxRateBps: row.tax_rate_bps,
        usedSeconds: row.used,
        unusedSeconds: row.unused,
        grossUnits: units(row.gross),
        voucherUnits: units(row.voucher),
      }),
    ),
  }));
}

/** Takes the next gapless numbers of an entity and year; the row stays locked until the invoices are committed or not. */
export async function takeNumbers(tx: Tx, entity: string, year: number, count: number): Promise<NumberRange> {
  const [row] = await tx.$queryRaw<{ first: number }[]>`
    INSERT INTO invoice_counter AS c (entity, year, last_number) VALUES (${entity}, ${year}, ${count})
    ON CONFLICT (entity, year) DO UPDATE SET last_number = c.last_number + ${count}
    RETURNING last_number - ${count} + 1 AS first`;
  const [previous] = await tx.$queryRaw<{ hash: string }[]>`
    SELECT snapshot_hash AS hash FROM invoice ORDER BY number COLLATE "C" DESC LIMIT 1`;
  return { year, first: row?.first ?? 0, previousHash: previous?.hash ?? '0'.repeat(64) };
}

/** Keeps issued invoices with their lines. */
export async function insertInvoices(
  tx: Tx,
  invoices: readonly (IssuedInvoice & { readonly id: Id<'invoice'> })[],
): Promise<void> {
  await tx.invoice.createMany({
    data: invoices.map(({ lines: _, totals, issuedAt, snapshot, ...invoice }) => ({
      ...invoice,
      ...totals,
      issuedAt: toDate(issuedAt),
      snapshot: JSON.parse(JSON.stringify(snapshot)),
    })),
  });
  await tx.invoiceLine.createMany({
    data: invoices.flatMap(({ id, organisationId, lines }) =>
      lines.map((line) => ({ ...line, invoiceId: id, organisationId })),
    ),
  });
}

/** What the invoices of a month come to, and how many organisations that were charged something have none. */
export async function readIssued(
  tx: Tx,
  month: Month,
): Promise<{ invoices: number; grossUnits: bigint; withoutInvoice: number }> {
  const [row] = await tx.$queryRaw<{ invoices: number; gross: bigint; without: number }[]>`
    SELECT count(i.id)::int AS invoices, coalesce(sum(i.gross_units), 0)::bigint AS gross,
      count(*) FILTER (WHERE i.id IS NULL)::int AS without
    FROM period_account a LEFT JOIN invoice i ON i.organisation_id = a.organisation_id AND i.month = a.month
    WHERE a.month = ${month} AND a.amount_units <> 0`;
  return { invoices: row?.invoices ?? 0, grossUnits: row?.gross ?? 0n, withoutInvoice: row?.without ?? 0 };
}

/** Closes a month with its control totals. False when somebody else has closed it before. */
export async function finishClose(
  tx: Tx,
  month: Month,
  totals: Prisma.InputJsonObject,
  by: string,
  at: Instant,
): Promise<boolean> {
  const { count } = await tx.billingPeriod.updateMany({
    where: { month, state: 'closing' },
    data: { state: 'closed', closedAt: toDate(at), closedBy: by, totals },
  });
  return count === 1;
}
