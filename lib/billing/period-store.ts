import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { toDate } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { type Month, monthInterval } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { PeriodOrganisation } from './types.ts';

export type MonthTotals = {
  readonly usedSeconds: bigint;
  readonly organisations: number;
  readonly chargesUnits: bigint;
  readonly ledgerUnits: bigint;
  readonly clearedUnits: bigint;
};

/** What a month's usage and its journals come to, summed now. */
export async function readMonthTotals(tx: Tx, month: Month): Promise<MonthTotals> {
  const { startAt, endAt } = monthInterval(month);
  const [from, to] = [toDate(startAt), toDate(endAt)];
  const [usage] = await tx.$queryRaw<{ used: bigint; organisations: number; charges: bigint }[]>`
    SELECT coalesce(sum(used_seconds), 0)::bigint AS used, count(DISTINCT organisation_id)::int AS organisations,
      coalesce(sum(amount_units), 0)::bigint AS charges
    FROM usage_charge WHERE counts_at >= ${from}::timestamptz AND counts_at < ${to}::timestamptz`;
  const [books] = await tx.$queryRaw<{ accrued: bigint; cleared: bigint }[]>`
    SELECT coalesce(sum(p.credit_units - p.debit_units) FILTER (WHERE j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected')), 0)::bigint AS accrued,
      coalesce(sum(p.debit_units - p.credit_units) FILTER (WHERE j.kind IN ('invoiceIssued', 'residueDropped')), 0)::bigint AS cleared
    FROM journal j JOIN posting p ON p.journal_id = j.id JOIN account a ON a.id = p.account_id
    WHERE a.kind = 'revenueAccrued' AND j.kind IN ('usageAccrued', 'commitmentEarned', 'usageCorrected', 'invoiceIssued', 'residueDropped')
      AND j.effective_at >= ${from}::timestamptz AND j.effective_at < ${to}::timestamptz`;
  return {
    usedSeconds: usage?.used ?? 0n,
    organisations: usage?.organisations ?? 0,
    chargesUnits: usage?.charges ?? 0n,
    ledgerUnits: books?.accrued ?? 0n,
    clearedUnits: books?.cleared ?? 0n,
  };
}

export type InvoiceTotalsOfMonth = {
  readonly invoices: number;
  readonly invoicedFen: bigint;
  readonly taxFen: bigint;
  readonly invoicedUnits: bigint;
  readonly residueUnits: bigint;
  readonly usedSeconds: bigint;
};

/** What the invoices of months come to, by month. */
export async function readInvoiceTotals(tx: Tx, months: readonly Month[]): Promise<Map<string, InvoiceTotalsOfMonth>> {
  const rows = await tx.$queryRaw<
    { month: string; invoices: number; fen: bigint; tax: bigint; gross: bigint; residue: bigint; used: bigint }[]
  >`
    SELECT i.month, count(*)::int AS invoices, sum(i.gross_fen)::bigint AS fen, sum(i.tax_fen)::bigint AS tax,
      sum(i.gross_units)::bigint AS gross, sum(i.residue_units)::bigint AS residue,
      sum((SELECT sum(l.used_seconds) FROM invoice_line l WHERE l.invoice_id = i.id))::bigint AS used
    FROM invoice i WHERE i.month = ANY(${months}::text[]) GROUP BY i.month`;
  return new Map(
    rows.map((row) => [
      row.month,
      {
        invoices: row.invoices,
        invoicedFen: row.fen,
        taxFen: row.tax,
        invoicedUnits: row.gross,
        residueUnits: row.residue,
        usedSeconds: row.used,
      },
    ]),
  );
}

/** The control totals that were kept when months were closed, by month. */
export async function readKeptTotals(
  tx: Tx,
  months: readonly Month[],
): Promise<Map<string, { chargesUnits: bigint; ledgerUnits: bigint }>> {
  const rows = await tx.$queryRaw<{ month: string; charges: bigint; ledger: bigint }[]>`
    SELECT month, (totals->>'chargesUnits')::bigint AS charges, (totals->>'ledgerUnits')::bigint AS ledger
    FROM billing_period WHERE state = 'closed' AND month = ANY(${months}::text[])`;
  return new Map(rows.map(({ month, charges, ledger }) => [month, { chargesUnits: charges, ledgerUnits: ledger }]));
}

/** The name of the person behind an actor's label; the label itself when it was no person. */
export async function readActorName(tx: Tx, label: string): Promise<string> {
  const id = label.startsWith('user:') ? label.slice('user:'.length) : '';
  const person = await tx.user.findUnique({ where: { id }, select: { name: true } });
  return person?.name ?? label;
}

/** A page of the organisations that used something in a month, largest first, with their invoices. */
export async function readPeriodOrganisations(
  tx: Tx,
  month: Month,
  skip: number,
  take: number,
): Promise<PeriodOrganisation[]> {
  const { startAt, endAt } = monthInterval(month);
  const rows = await tx.$queryRaw<
    {
      id: string;
      name: string;
      used: bigint;
      unused: bigint;
      gross: bigint;
      invoice_id: string | null;
      number: string | null;
      invoice_fen: bigint | null;
    }[]
  >`
    WITH used AS (
      SELECT organisation_id, sum(used_seconds)::bigint AS used, sum(unused_seconds)::bigint AS unused, sum(amount_units)::bigint AS gross
      FROM usage_charge WHERE counts_at >= ${toDate(startAt)}::timestamptz AND counts_at < ${toDate(endAt)}::timestamptz GROUP BY 1)
    SELECT o.id, o.name, u.used, u.unused, u.gross, i.id AS invoice_id, i.number, i.gross_fen AS invoice_fen
    FROM used u JOIN organisation o ON o.id = u.organisation_id
      LEFT JOIN invoice i ON i.organisation_id = o.id AND i.month = ${month}
    ORDER BY u.gross DESC, o.id OFFSET ${skip} LIMIT ${take}`;
  return rows.map((row) => ({
    organisationId: idFrom('organisation', row.id),
    name: row.name,
    usedSeconds: row.used,
    unusedSeconds: row.unused,
    grossUnits: units(row.gross),
    invoice:
      row.invoice_id === null || row.number === null
        ? null
        : { id: idFrom('invoice', row.invoice_id), number: row.number, grossFen: fen(row.invoice_fen ?? 0n) },
  }));
}
