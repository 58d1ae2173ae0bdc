import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import type { Id } from '#lib/core/id.ts';
import { idFrom } from '#lib/core/id.ts';
import { fromDate, type Instant, toDate } from '#lib/core/instant.ts';
import { type PriceE10, priceE10, units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { readDeductions } from '#lib/vouchers/deductions.ts';
import type { InvoiceFacts } from './focus/invoice-detail.ts';
import type { FocusAccount, FocusMonth } from './focus/month.ts';
import { type InvoiceRecord, readInvoiceLines, readMonthInvoices } from './invoice-store.ts';
import { type ListPrice, readListPrices } from './list-prices.ts';
import { chargesOf } from './month-charges.ts';
import type { InvoiceLine, ReturnCredit, SkuFacts } from './types.ts';

/** An account with the snapshot of its invoice, from which documents take names. */
export type ExportAccount = FocusAccount & { readonly record: InvoiceRecord | null };

/** What every export of a month needs to know before its first row. It grows with customers and prices, not with hours. */
export type ExportMonth = Omit<FocusMonth, 'accounts'> & {
  readonly accounts: ReadonlyMap<string, ExportAccount>;
  readonly prices: ReadonlyMap<string, PriceE10>;
  readonly lists: ReadonlyMap<string, ListPrice>;
  /** As of when a closed month says what it says: when its close began. Null while it is not closed. */
  readonly closedAt: Instant | null;
};

type Whose = Id<'organisation'> | null;

const ofOne = (column: Prisma.Sql, whose: Whose): Prisma.Sql =>
  whose === null ? Prisma.empty : Prisma.sql`AND ${column} = ${whose}`;

/** The SKUs that there ever were, with where they are sold. */
export async function readSkuFacts(tx: Tx): Promise<Map<string, SkuFacts>> {
  const rows = await tx.$queryRaw<
    {
      id: string;
      purchase: string;
      tax_rate_bps: number;
      model: string;
      site_id: string;
      site: { zh: string; en: string };
      region_id: string;
      region: { zh: string; en: string };
    }[]
  >`
    SELECT s.id, s.purchase, s.tax_rate_bps, m.name AS model, p.id AS site_id, p.name AS site,
      coalesce(r.id, p.id) AS region_id, coalesce(r.name, p.name) AS region
    FROM sku s JOIN card_model m ON m.id = s.card_model_id JOIN place p ON p.id = s.site_id LEFT JOIN place r ON r.id = p.parent_id`;
  const facts = rows.map((row) => ({
    skuId: idFrom('sku', row.id),
    model: row.model,
    purchase: oneOf(PURCHASES, row.purchase),
    taxRateBps: row.tax_rate_bps,
    siteId: row.site_id,
    siteName: row.site,
    regionId: row.region_id,
    regionName: row.region.zh,
  }));
  return new Map(facts.map((sku) => [sku.skuId, sku]));
}

/** Every price that there ever was. */
export async function readPrices(tx: Tx): Promise<Map<string, PriceE10>> {
  const rows = await tx.priceVersion.findMany({ select: { id: true, priceE10PerCardHour: true } });
  return new Map(rows.map((row) => [row.id, priceE10(row.priceE10PerCardHour)]));
}

/**
 * The names of projects: as they are, or of a closed month as the audit says that they were before its close. One that is
 * younger has the name that it began with, so that no later renaming changes a closed month.
 */
async function readProjectNames(tx: Tx, whose: Whose, closedAt: Instant | null): Promise<Map<string, string>> {
  if (closedAt === null) {
    const rows = await tx.project.findMany({
      where: whose === null ? {} : { organisationId: whose },
      select: { id: true, name: true },
    });
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
  const before = Prisma.sql`e.at < ${toDate(closedAt)}::timestamptz`;
  const rows = await tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT p.id, coalesce(past.name, p.name) AS name FROM project p LEFT JOIN LATERAL (
      SELECT e.data->>'name' AS name FROM audit_event e
      WHERE e.target = p.id AND e.action IN ('project.created', 'project.changed')
      ORDER BY ${before} DESC, CASE WHEN ${before} THEN -extract(epoch FROM e.at) ELSE extract(epoch FROM e.at) END,
        CASE WHEN ${before} THEN -e.id ELSE e.id END LIMIT 1) past ON true
    WHERE true ${ofOne(Prisma.sql`p.organisation_id`, whose)}`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Who was charged or credited in a month, by name. */
async function readCharged(tx: Tx, month: Month, whose: Whose): Promise<{ id: string; name: string }[]> {
  const { startAt, endAt } = monthInterval(month);
  const [from, to] = [Prisma.sql`${toDate(startAt)}::timestamptz`, Prisma.sql`${toDate(endAt)}::timestamptz`];
  return tx.$queryRaw<{ id: string; name: string }[]>`
    SELECT o.id, coalesce((SELECT n.snapshot->'buyer'->>'name' FROM credit_note n WHERE n.organisation_id = o.id AND n.state = 'issued'
      AND n.effective_at >= ${from} AND n.effective_at < ${to} ORDER BY n.number LIMIT 1), o.name) AS name FROM organisation o
    WHERE (EXISTS (SELECT FROM usage_charge u WHERE u.organisation_id = o.id AND u.counts_at >= ${from} AND u.counts_at < ${to})
      OR EXISTS (SELECT FROM journal j WHERE j.organisation_id = o.id AND j.kind = 'hoursReturned'
        AND j.effective_at >= ${from} AND j.effective_at < ${to})
      OR EXISTS (SELECT FROM credit_note n WHERE n.organisation_id = o.id AND n.state = 'issued'
        AND n.effective_at >= ${from} AND n.effective_at < ${to})
      OR EXISTS (SELECT FROM sla_credit s WHERE s.organisation_id = o.id AND s.effective_at >= ${from} AND s.effective_at < ${to})
      OR o.id = ${whose}) ${ofOne(Prisma.sql`o.id`, whose)}
    ORDER BY o.id COLLATE "C"`;
}

/** Reads what a month's exports have in common. `seller`: the legal entity, where no invoice names it yet. */
export async function readExportMonth(tx: Tx, month: Month, whose: Whose, seller: string): Promise<ExportMonth> {
  const records = await readMonthInvoices(tx, month, whose);
  const lines = await readInvoiceLines(
    tx,
    records.map(({ invoice }) => invoice.id),
  );
  const recordOf = new Map(records.map((record) => [record.invoice.organisationId as string, record]));
  const accounts = (await readCharged(tx, month, whose)).map(({ id, name }): ExportAccount => {
    const record = recordOf.get(id) ?? null;
    const issued = record && { invoice: record.invoice, lines: lines.get(record.invoice.id) ?? [] };
    return { id: idFrom('organisation', id), name: record?.snapshot.buyer.name ?? name, issued, record };
  });
  const [period] = await tx.$queryRaw<{ closed_at: Date | null }[]>`SELECT billing_closed_at(${month}) AS closed_at`;
  const closedAt = period?.closed_at ? fromDate(period.closed_at) : null;
  return {
    month,
    issuer: records[0]?.snapshot.seller.nameZh ?? seller,
    accounts: new Map(accounts.map((account) => [account.id, account])),
    skus: await readSkuFacts(tx),
    prices: await readPrices(tx),
    lists: await readListPrices(tx),
    projects: await readProjectNames(tx, whose, closedAt),
    deductions: await readDeductions(tx, month, whose),
    closedAt,
  };
}

/** What was credited in a month for hours that were given back, in order of time. */
export async function readReturnCredits(tx: Tx, month: Month, whose: Whose): Promise<ReturnCredit[]> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<
    {
      key: string;
      organisation_id: string;
      reservation_id: string;
      name: string;
      project_id: string | null;
      sku_id: string;
      at: Date;
      amount: bigint;
    }[]
  >`
    SELECT j.key, j.organisation_id, r.id AS reservation_id, r.name, r.project_id, r.sku_id, j.effective_at AS at, sum(p.credit_units)::bigint AS amount
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id AND a.kind = 'wallet'
    JOIN reservation r ON r.id = j.source->>'reservation'
    WHERE j.kind = 'hoursReturned' AND j.effective_at >= ${toDate(startAt)}::timestamptz
      AND j.effective_at < ${toDate(endAt)}::timestamptz ${ofOne(Prisma.sql`j.organisation_id`, whose)}
    GROUP BY j.id, r.id ORDER BY j.effective_at, j.key COLLATE "C"`;
  return rows.map((row) => ({
    journalKey: row.key,
    organisationId: idFrom('organisation', row.organisation_id),
    reservationId: idFrom('reservation', row.reservation_id),
    reservationName: row.name,
    projectId: row.project_id === null ? null : idFrom('project', row.project_id),
    skuId: idFrom('sku', row.sku_id),
    at: fromDate(row.at),
    amountUnits: units(row.amount),
  }));
}

/** What the charges of each line of an invoice come to without tax, rounded one by one as the cost rows are. */
export async function readInvoiceFacts(
  tx: Tx,
  facts: ExportMonth,
  organisationId: Id<'organisation'>,
  lines: readonly InvoiceLine[],
): Promise<InvoiceFacts> {
  const rows = await tx.$queryRaw<{ sku_id: string; price_version_id: string; net: bigint }[]>`
    SELECT u.sku_id, u.price_version_id,
      sum(sign(u.amount_units) * div(2 * abs(u.amount_units)::numeric * 10000 + 10000 + s.tax_rate_bps, 2 * (10000 + s.tax_rate_bps)))::bigint AS net
    FROM (${chargesOf(facts.month, organisationId)}) u JOIN sku s ON s.id = u.sku_id GROUP BY 1, 2`;
  const netOf = new Map(rows.map((row) => [`${row.sku_id} ${row.price_version_id}`, units(row.net)]));
  return new Map(
    lines.map((line) => [
      line.line,
      {
        netUnits: netOf.get(`${line.skuId} ${line.priceVersionId}`) ?? units(0n),
        priceE10PerCardHour: facts.prices.get(line.priceVersionId) ?? priceE10(0n),
      },
    ]),
  );
}
