import 'server-only';
import { idFrom } from '#lib/core/id.ts';
import { fen, units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { Prisma, type Tx } from '#lib/platform/db.ts';
import { chargesOf } from './month-charges.ts';
import type { PeriodOrganisation } from './types.ts';

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

/** The name of the person behind an actor's label; the label itself when it was no person. */
export async function readActorName(tx: Tx, label: string): Promise<string> {
  const id = label.startsWith('user:') ? label.slice('user:'.length) : '';
  const person = await tx.user.findUnique({ where: { id }, select: { name: true } });
  return person?.name ?? label;
}

/** Who used how much in a month: as kept when its close began, before that summed now. */
function usedIn(month: Month, isBegun: boolean): Prisma.Sql {
  if (isBegun)
    return Prisma.sql`SELECT organisation_id, used_seconds AS used, unused_seconds AS unused, amount_units AS gross
      FROM period_account WHERE month = ${month}`;
  return Prisma.sql`SELECT organisation_id, sum(used_seconds)::bigint AS used, sum(unused_seconds)::bigint AS unused,
      sum(amount_units)::bigint AS gross FROM (${chargesOf(month)}) c GROUP BY 1`;
}

/** A page of the organisations that used something in a month, largest first, with their invoices. */
export async function readPeriodOrganisations(
  tx: Tx,
  month: Month,
  isBegun: boolean,
  skip: number,
  take: number,
): Promise<PeriodOrganisation[]> {
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
    WITH used AS (${usedIn(month, isBegun)})
    SELECT o.id, o.name, u.used, u.unused, u.gross, i.id AS invoice_id, i.number, i.gross_fen AS invoice_fen
    FROM used u JOIN organisation o ON o.id = u.organisation_id
      LEFT JOIN invoice i ON i.organisation_id = o.id AND i.month = ${month}
    ORDER BY u.gross DESC, o.id COLLATE "C" OFFSET ${skip} LIMIT ${take}`;
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
