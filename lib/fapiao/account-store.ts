import 'server-only';
import { present } from '#lib/core/assert.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fen } from '#lib/core/money.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { Excess, FapiaoAccount, OpenInvoice, OpenLine } from './types.ts';

/** Holds everything that may change what an organisation has left, until the end of the transaction. */
export async function lockAccount(tx: Tx, organisationId: Id<'organisation'>): Promise<void> {
  await tx.$executeRaw`SELECT fapiao_lock(${organisationId})`;
}

/** What an organisation may have fapiao for, by the function that the database itself refuses by. */
export async function readAccount(tx: Tx, organisationId: Id<'organisation'>): Promise<FapiaoAccount> {
  const [row] = await tx.$queryRaw<
    { invoiced_fen: bigint; refunded_fen: bigint; open_fen: bigint; issued_fen: bigint }[]
  >`SELECT * FROM fapiao_account(${organisationId})`;
  const { invoiced_fen, refunded_fen, open_fen, issued_fen } = present(row, 'the account of fapiao');
  const left = invoiced_fen - refunded_fen - open_fen - issued_fen;
  return {
    invoicedFen: fen(invoiced_fen),
    refundedFen: fen(refunded_fen),
    openFen: fen(open_fen),
    issuedFen: fen(issued_fen),
    availableFen: fen(left > 0n ? left : 0n),
    excessFen: fen(left < 0n ? -left : 0n),
  };
}

/** The issued invoices of an organisation that still have something to ask for, oldest first. */
export async function readOpenInvoices(tx: Tx, organisationId: Id<'organisation'>): Promise<OpenInvoice[]> {
  const rows = await tx.$queryRaw<{ id: string; number: string; month: string; gross_fen: bigint; left_fen: bigint }[]>`
    SELECT i.id, i.number, i.month, i.gross_fen, i.gross_fen - c.covered_fen AS left_fen FROM invoice i
    CROSS JOIN LATERAL (
      SELECT (SELECT coalesce(sum(n.gross_fen), 0) FROM credit_note n WHERE n.invoice_id = i.id AND n.state = 'issued')::bigint + coalesce(sum(CASE f.kind WHEN 'blue' THEN l.gross_fen ELSE -l.gross_fen END), 0)::bigint AS covered_fen
      FROM fapiao_line l JOIN fapiao f ON f.id = l.fapiao_id
      WHERE l.invoice_id = i.id AND (f.state = 'issued' OR f.kind = 'blue' AND f.state IN ('requested', 'issuing'))) c
    WHERE i.organisation_id = ${organisationId} AND i.gross_fen > c.covered_fen ORDER BY i.number`;
  return rows.map((row) => ({
    id: idFrom('invoice', row.id),
    number: row.number,
    month: row.month,
    grossFen: fen(row.gross_fen),
    leftFen: fen(row.left_fen),
  }));
}

type SnapshotLine = { readonly line: number; readonly model: string; readonly purchase: string };
const PURCHASE_ZH: Readonly<Record<string, string>> = { 'by-hour': '按时', 'by-card': '按卡' };

type OpenLineRow = {
  invoice_id: string;
  line: number;
  tax_rate_bps: number;
  named: SnapshotLine | null;
  gross_fen: bigint;
  net_fen: bigint;
  tax_fen: bigint;
};

/** The lines of some invoices with what no fapiao covers, in the order of invoice numbers and lines. */
export async function readOpenLines(
  tx: Tx,
  organisationId: Id<'organisation'>,
  invoiceIds: readonly string[],
): Promise<OpenLine[]> {
  const rows = await tx.$queryRaw<OpenLineRow[]>`
    SELECT i.invoice_id, i.line, i.tax_rate_bps, n.snapshot->'lines'->(i.line - 1) AS named,
      greatest(i.gross_fen - c.gross - t.gross, 0)::bigint AS gross_fen, greatest(i.net_fen - c.net - t.net, 0)::bigint AS net_fen,
      greatest(i.tax_fen - c.tax - t.tax, 0)::bigint AS tax_fen
    FROM invoice n JOIN invoice_line i ON i.invoice_id = n.id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(m.gross_fen), 0) AS gross, coalesce(sum(m.net_fen), 0) AS net, coalesce(sum(m.tax_fen), 0) AS tax
      FROM credit_note_line m JOIN credit_note k ON k.id = m.credit_note_id AND k.state = 'issued'
      WHERE m.invoice_id = i.invoice_id AND m.line = i.line) t
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(s.sign * l.gross_fen), 0)::bigint AS gross, coalesce(sum(s.sign * l.net_fen), 0)::bigint AS net,
        coalesce(sum(s.sign * l.tax_fen), 0)::bigint AS tax
      FROM fapiao_line l JOIN fapiao f ON f.id = l.fapiao_id CROSS JOIN LATERAL (SELECT CASE f.kind WHEN 'blue' THEN 1 ELSE -1 END AS sign) s
      WHERE l.invoice_id = i.invoice_id AND l.invoice_line = i.line
        AND (f.state = 'issued' OR f.kind = 'blue' AND f.state IN ('requested', 'issuing'))) c
    WHERE n.organisation_id = ${organisationId} AND n.id = ANY (${[...invoiceIds]}) ORDER BY n.number, i.line`;
  return rows.map((row) => ({
    invoiceId: idFrom('invoice', row.invoice_id),
    invoiceLine: row.line,
    taxRateBps: row.tax_rate_bps,
    specification: row.named ? `${row.named.model} ${PURCHASE_ZH[row.named.purchase] ?? ''}`.trim() : '',
    grossFen: fen(row.gross_fen),
    netFen: fen(row.net_fen),
    taxFen: fen(row.tax_fen),
  }));
}

/** The organisations that have more fapiao than they may; only a refund or a credit note does that. The largest first. */
export async function readExcesses(tx: Tx, take: number): Promise<Excess[]> {
  const rows = await tx.$queryRaw<{ id: string; name: string; excess_fen: bigint }[]>`
    SELECT o.id, o.name, a.open_fen + a.issued_fen + a.refunded_fen - a.invoiced_fen AS excess_fen
    FROM organisation o CROSS JOIN LATERAL fapiao_account(o.id) a
    WHERE o.id IN (SELECT j.organisation_id FROM journal j WHERE j.kind = 'hoursReturned'
        UNION ALL SELECT n.organisation_id FROM credit_note n WHERE n.state = 'issued')
      AND a.open_fen + a.issued_fen > 0 AND a.open_fen + a.issued_fen + a.refunded_fen > a.invoiced_fen
    ORDER BY 3 DESC, o.id LIMIT ${take}`;
  return rows.map(({ id, name, excess_fen }) => ({
    organisationId: idFrom('organisation', id),
    organisationName: name,
    excessFen: fen(excess_fen),
  }));
}
