import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { toDate } from '#lib/core/instant.ts';
import { type Units, units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import {
  MOVED_KINDS,
  type MovedKind,
  type ReportLine,
  type ReportMonth,
  STANDING_KINDS,
  type StandingKind,
} from './types.ts';

/** The months in which something became effective, newest first. */
export async function readReportMonths(tx: Tx): Promise<ReportMonth[]> {
  return tx.$queryRaw<ReportMonth[]>`
    SELECT month, billing_closed_at(month) IS NOT NULL AS "isClosed" FROM (
      SELECT to_char(m, 'YYYY-MM') AS month FROM generate_series(
        (SELECT date_trunc('month', min(effective_at) AT TIME ZONE 'UTC' + interval '8 hours') FROM journal),
        (SELECT date_trunc('month', max(effective_at) AT TIME ZONE 'UTC' + interval '8 hours') FROM journal), interval '1 month') m) months
    ORDER BY month DESC`;
}

type Row = {
  kind: string;
  journal_kind: string | null;
  sku_id: string | null;
  model: string | null;
  site: { zh: string; en: string } | null;
  purchase: string | null;
  rate: number | null;
  amount: bigint;
};

/** Names of the SKU that a line is about: its account ends in it, or the invoice line behind the journal says it. */
const NAMED = Prisma.sql`LEFT JOIN sku s ON s.id = t.sku_id LEFT JOIN card_model m ON m.id = s.card_model_id LEFT JOIN place l ON l.id = s.site_id`;
const COLUMNS = Prisma.sql`t.sku_id, m.name AS model, l.name AS site, s.purchase`;

function fromRow<K extends MovedKind | StandingKind>(row: Row, kind: K, section: ReportLine['section']): ReportLine {
  return {
    section,
    kind,
    journalKind: row.journal_kind,
    skuId: row.sku_id,
    model: row.model,
    siteName: row.site,
    purchase: row.purchase === null ? null : oneOf(PURCHASES, row.purchase),
    taxRateBps: row.rate,
    amountUnits: units(row.amount),
  };
}

/**
 * What moved in a month by kind, SKU and rate. Revenue bears both in its account's path, deductions their SKU; tax and
 * its credits take them from the line of the invoice that the journal names.
 */
export async function readMoved(tx: Tx, month: Month): Promise<ReportLine[]> {
  const { startAt, endAt } = monthInterval(month);
  const kinds = Object.keys(MOVED_KINDS);
  const rows = await tx.$queryRaw<Row[]>`
    SELECT t.kind, t.journal_kind, ${COLUMNS}, t.rate, t.amount FROM (
      SELECT a.kind, j.kind AS journal_kind,
        CASE a.kind WHEN 'revenueUsage' THEN split_part(a.path, ':', 3) WHEN 'contraPromo' THEN NULL ELSE coalesce(substring(a.path FROM '(sku_[^:]+)$'), i.sku_id) END AS sku_id,
        CASE a.kind WHEN 'revenueUsage' THEN split_part(a.path, ':', 4)::int WHEN 'vatPayable' THEN i.tax_rate_bps ELSE NULL END AS rate,
        sum(p.credit_units - p.debit_units)::bigint AS amount
      FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
        LEFT JOIN invoice_line i ON a.kind IN ('vatPayable', 'contraCreditNote') AND i.invoice_id = j.source->>'invoice'
          AND i.line::text = j.source->>'line'
      WHERE a.kind = ANY(${kinds}::text[]) AND j.effective_at >= ${toDate(startAt)}::timestamptz AND j.effective_at < ${toDate(endAt)}::timestamptz
      GROUP BY 1, 2, 3, 4) t ${NAMED}
    ORDER BY t.kind, t.sku_id NULLS LAST, t.rate NULLS LAST, t.journal_kind`;
  return rows.map((row) => {
    const kind = row.kind as MovedKind;
    return fromRow(row, kind, MOVED_KINDS[kind]);
  });
}

/** What stands at the end of a month by kind, accrued revenue by SKU. */
export async function readStanding(tx: Tx, month: Month): Promise<ReportLine[]> {
  const { endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<Row[]>`
    SELECT t.kind, NULL AS journal_kind, ${COLUMNS}, NULL::int AS rate, t.amount FROM (
      SELECT a.kind, CASE a.kind WHEN 'revenueAccrued' THEN split_part(a.path, ':', 3) END AS sku_id, sum(p.credit_units - p.debit_units)::bigint AS amount
      FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
      WHERE a.kind = ANY(${[...STANDING_KINDS]}::text[]) AND j.effective_at < ${toDate(endAt)}::timestamptz GROUP BY 1, 2) t ${NAMED}
    WHERE t.amount <> 0 ORDER BY t.kind, t.sku_id NULLS LAST`;
  return rows.map((row) => fromRow(row, row.kind as StandingKind, 'deferred'));
}

/** The same by kind alone: movements of the month, balances at its end. Nothing of paths or documents is read. */
export async function readLedgerByKind(tx: Tx, month: Month): Promise<Map<string, Units>> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<{ kind: string; amount: bigint }[]>`
    SELECT a.kind, coalesce(sum(p.credit_units - p.debit_units) FILTER (WHERE a.kind = ANY(${[...STANDING_KINDS]}::text[])
        OR j.effective_at >= ${toDate(startAt)}::timestamptz), 0)::bigint AS amount
    FROM posting p JOIN account a ON a.id = p.account_id JOIN journal j ON j.id = p.journal_id
    WHERE a.kind = ANY(${[...Object.keys(MOVED_KINDS), ...STANDING_KINDS]}::text[]) AND j.effective_at < ${toDate(endAt)}::timestamptz GROUP BY 1`;
  return new Map(rows.map(({ kind, amount }) => [kind, units(amount)]));
}
