import 'server-only';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { type Month, monthInterval, monthOf } from '#lib/core/period.ts';
import type { Prisma, Tx } from '#lib/platform/db.ts';
import type { InvoiceLine, InvoiceSnapshot, InvoiceTotals, UsageSum } from './types.ts';

/** The month of the first usage; null before any. */
export async function readFirstMonth(tx: Tx): Promise<Month | null> {
  const row = await tx.usageCharge.findFirst({ orderBy: { countsAt: 'asc' }, select: { hourAt: true } });
  return row ? monthOf(fromDate(row.hourAt)) : null;
}

export type PeriodRow = {
  readonly month: string;
  readonly state: 'closing' | 'closed';
  readonly closedAt: Instant | null;
  readonly closedBy: string | null;
};

export async function readPeriods(tx: Tx): Promise<Map<string, PeriodRow>> {
  const rows = await tx.billingPeriod.findMany({
    select: { month: true, state: true, closedAt: true, closedBy: true },
  });
  return new Map(
    rows.map(({ month, state, closedAt, closedBy }) => [
      month,
      {
        month,
        state: state === 'closed' ? 'closed' : 'closing',
        closedAt: closedAt === null ? null : fromDate(closedAt),
        closedBy,
      },
    ]),
  );
}

/** Begins a close, or joins one that was interrupted. */
export async function beginClose(tx: Tx, month: Month): Promise<void> {
  await tx.billingPeriod.createMany({ data: [{ month, state: 'closing' }], skipDuplicates: true });
}

export async function finishClose(
  tx: Tx,
  month: Month,
  totals: Prisma.InputJsonObject,
  by: string,
  at: Instant,
): Promise<void> {
  await tx.billingPeriod.updateMany({
    where: { month, state: 'closing' },
    data: { state: 'closed', closedAt: toDate(at), closedBy: by, totals },
  });
}

/** Allocations with seconds in a month that are not charged yet: none may be left at the close. */
export async function readIncompleteUsage(
  tx: Tx,
  month: Month,
): Promise<{ allocations: number; example: string | null }> {
  const { startAt, endAt } = monthInterval(month);
  const [row] = await tx.$queryRaw<{ allocations: number; example: string | null }[]>`
    SELECT count(*)::int AS allocations, min(a.id) AS example FROM allocation a JOIN reservation r ON r.id = a.reservation_id
    WHERE a.start_at < ${toDate(endAt)}::timestamptz AND coalesce(a.end_at, 'infinity') > ${toDate(startAt)}::timestamptz
      AND r.state <> 'cancelled' AND r.settled_at IS NULL
      AND NOT EXISTS (SELECT FROM metered_hour h WHERE h.pool_id = a.pool_id AND h.hour_at >= ${toDate(endAt)}::timestamptz - interval '1 hour')`;
  return row ?? { allocations: 0, example: null };
}

/** A month's charges as the charges say, and as the ledger's accrued revenue says; both sides of one control total. */
export async function readControlTotals(tx: Tx, month: Month): Promise<{ chargesUnits: bigint; ledgerUnits: bigint }> {
  const [row] = await tx.$queryRaw<{ charges: bigint; ledger: bigint }[]>`
    SELECT (SELECT coalesce(sum(amount_units), 0)::bigint FROM usage_charge WHERE shanghai_month(counts_at) = ${month}) AS charges,
      (SELECT coalesce(sum(p.credit_units - p.debit_units), 0)::bigint FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
        WHERE j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected') AND a.kind = 'revenueAccrued' AND shanghai_month(j.effective_at) = ${month}) AS ledger`;
  return { chargesUnits: row?.charges ?? 0n, ledgerUnits: row?.ledger ?? 0n };
}

/** The organisations with usage in a month and no invoice for it yet. */
export async function readUninvoiced(
  tx: Tx,
  month: Month,
): Promise<{ organisationId: Id<'organisation'>; name: string }[]> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT o.id, o.name FROM organisation o
    WHERE EXISTS (SELECT FROM usage_charge u WHERE u.organisation_id = o.id AND u.counts_at >= ${toDate(startAt)}::timestamptz
        AND u.counts_at < ${toDate(endAt)}::timestamptz)
      AND NOT EXISTS (SELECT FROM invoice i WHERE i.organisation_id = o.id AND i.month = ${month})
    ORDER BY o.created_at, o.id`;
  return rows.map(({ id, name }) => ({ organisationId: idFrom('organisation', id), name }));
}

/** What an organisation used in a month, by SKU and price. */
export async function readUsageSums(tx: Tx, organisationId: string, month: Month): Promise<UsageSum[]> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<
    {
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
    SELECT u.sku_id, u.price_version_id, u.purchase, s.tax_rate_bps, sum(u.used_seconds)::bigint AS used,
      sum(u.unused_seconds)::bigint AS unused, sum(u.amount_units)::bigint AS gross
    FROM usage_charge u JOIN sku s ON s.id = u.sku_id
    WHERE u.organisation_id = ${organisationId} AND u.counts_at >= ${toDate(startAt)}::timestamptz AND u.counts_at < ${toDate(endAt)}::timestamptz
    GROUP BY 1, 2, 3, 4) u
    LEFT JOIN (
      SELECT r.sku_id, r.price_version_id, sum(b.amount_units) AS units FROM voucher_burn b JOIN reservation r ON r.id = b.reservation_id
      WHERE b.organisation_id = ${organisationId} AND b.hour_at >= ${toDate(startAt)}::timestamptz AND b.hour_at < ${toDate(endAt)}::timestamptz
      GROUP BY 1, 2) v USING (sku_id, price_version_id)
    ORDER BY u.sku_id, u.price_version_id`;
  return rows.map((row) => ({
    skuId: idFrom('sku', row.sku_id),
    priceVersionId: idFrom('priceVersion', row.price_version_id),
    purchase: row.purchase === 'by-card' ? 'by-card' : 'by-hour',
    taxRateBps: row.tax_rate_bps,
    usedSeconds: row.used,
    unusedSeconds: row.unused,
    grossUnits: units(row.gross),
    voucherUnits: units(row.voucher),
  }));
}

/** Takes the next gapless number of an entity and year; the row stays locked until the invoice is committed or not. */
export async function takeNumber(
  tx: Tx,
  entity: string,
  year: number,
): Promise<{ number: string; previousHash: string }> {
  const [row] = await tx.$queryRaw<{ last_number: number }[]>`
    INSERT INTO invoice_counter AS c (entity, year, last_number) VALUES (${entity}, ${year}, 1)
    ON CONFLICT (entity, year) DO UPDATE SET last_number = c.last_number + 1 RETURNING last_number`;
  const previous = await tx.invoice.findFirst({ orderBy: { number: 'desc' }, select: { snapshotHash: true } });
  const serial = `${row?.last_number ?? 0}`.padStart(6, '0');
  return { number: `${entity}-${year}-${serial}`, previousHash: previous?.snapshotHash ?? '0'.repeat(64) };
}

export type NewInvoice = {
  readonly id: Id<'invoice'>;
  readonly organisationId: Id<'organisation'>;
  readonly month: Month;
  readonly issuedAt: Instant;
  readonly totals: InvoiceTotals;
  readonly lines: readonly InvoiceLine[];
  readonly snapshot: InvoiceSnapshot;
  readonly snapshotHash: string;
  readonly previousHash: string;
};

export async function insertInvoice(tx: Tx, invoice: NewInvoice): Promise<void> {
  const { id, organisationId, month, issuedAt, totals, lines, snapshot, snapshotHash, previousHash } = invoice;
  const data = {
    id,
    number: snapshot.number,
    organisationId,
    month,
    issuedAt: toDate(issuedAt),
    ...totals,
    snapshotHash,
    previousHash,
  };
  await tx.invoice.create({ data: { ...data, snapshot: JSON.parse(JSON.stringify(snapshot)) } });
  await tx.invoiceLine.createMany({ data: lines.map((line) => ({ ...line, invoiceId: id, organisationId })) });
}
