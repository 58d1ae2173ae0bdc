import 'server-only';
import { oneOf } from '#lib/catalog/price-list.ts';
import { PURCHASES } from '#lib/catalog/types.ts';
import { type Id, idFrom } from '#lib/core/id.ts';
import { fromDate } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import type { Tx } from '#lib/platform/db.ts';
import type { InvoiceLine, InvoiceSnapshot, InvoiceView } from './types.ts';

const INVOICE = {
  id: true,
  number: true,
  organisationId: true,
  month: true,
  issuedAt: true,
  grossUnits: true,
  voucherUnits: true,
  residueUnits: true,
  grossFen: true,
  netFen: true,
  taxFen: true,
  snapshotHash: true,
} as const;

type InvoiceRow = {
  id: string;
  number: string;
  organisationId: string;
  month: string;
  issuedAt: Date;
  grossUnits: bigint;
  voucherUnits: bigint;
  residueUnits: bigint;
  grossFen: bigint;
  netFen: bigint;
  taxFen: bigint;
  snapshotHash: string;
};

function fromInvoiceRow(row: InvoiceRow, organisationName: string): InvoiceView {
  const {
    id,
    number,
    organisationId,
    month,
    issuedAt,
    grossUnits,
    voucherUnits,
    residueUnits,
    grossFen,
    netFen,
    taxFen,
  } = row;
  return {
    id: idFrom('invoice', id),
    number,
    organisationId: idFrom('organisation', organisationId),
    organisationName,
    month: month as Month,
    issuedAt: fromDate(issuedAt),
    grossUnits: units(grossUnits),
    voucherUnits: units(voucherUnits),
    residueUnits: units(residueUnits),
    grossFen: fen(grossFen),
    netFen: fen(netFen),
    taxFen: fen(taxFen),
    snapshotHash: row.snapshotHash,
  };
}

/** Whose invoices: one organisation's, or with null everybody's. */
export type InvoiceFilter = { readonly organisationId: Id<'organisation'> | null; readonly month?: Month | undefined };

/** A page of invoices, newest first. */
export async function readInvoices(
  tx: Tx,
  filter: InvoiceFilter,
  skip: number,
  take: number,
): Promise<{ rows: InvoiceView[]; total: number }> {
  const where = {
    ...(filter.organisationId === null ? {} : { organisationId: filter.organisationId }),
    ...(filter.month ? { month: filter.month } : {}),
  };
  const total = await tx.invoice.count({ where });
  const rows = await tx.invoice.findMany({
    where,
    orderBy: [{ issuedAt: 'desc' }, { number: 'desc' }],
    skip,
    take,
    select: INVOICE,
  });
  const names = await tx.organisation.findMany({
    where: { id: { in: rows.map((row) => row.organisationId) } },
    select: { id: true, name: true },
  });
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return { total, rows: rows.map((row) => fromInvoiceRow(row, nameOf.get(row.organisationId) ?? '')) };
}

export type InvoiceRecord = {
  readonly invoice: InvoiceView;
  readonly snapshot: InvoiceSnapshot;
  readonly previousHash: string;
};

function fromRecordRow(row: InvoiceRow & { readonly snapshot: unknown; readonly previousHash: string }): InvoiceRecord {
  const snapshot = row.snapshot as InvoiceSnapshot;
  return { invoice: fromInvoiceRow(row, snapshot.buyer.name), snapshot, previousHash: row.previousHash };
}

/** One invoice with its snapshot; null when the organisation (with null: anybody) has none of that id. */
export async function findInvoiceRecord(
  tx: Tx,
  organisationId: Id<'organisation'> | null,
  id: string,
): Promise<InvoiceRecord | null> {
  const row = await tx.invoice.findFirst({
    where: { id, ...(organisationId === null ? {} : { organisationId }) },
    select: { ...INVOICE, snapshot: true, previousHash: true },
  });
  return row === null ? null : fromRecordRow(row);
}

/** The invoices of a month, of one organisation or with null of all, with their snapshots, in the order of their numbers. */
export async function readMonthInvoices(
  tx: Tx,
  month: Month,
  organisationId: Id<'organisation'> | null,
): Promise<InvoiceRecord[]> {
  const rows = await tx.invoice.findMany({
    where: { month, ...(organisationId === null ? {} : { organisationId }) },
    orderBy: { number: 'asc' },
    select: { ...INVOICE, snapshot: true, previousHash: true },
  });
  return rows.map(fromRecordRow);
}

/** The lines of some invoices by invoice, in their order. */
export async function readInvoiceLines(
  tx: Tx,
  invoiceIds: readonly Id<'invoice'>[],
): Promise<Map<string, InvoiceLine[]>> {
  const rows = await tx.invoiceLine.findMany({
    where: { invoiceId: { in: [...invoiceIds] } },
    orderBy: [{ invoiceId: 'asc' }, { line: 'asc' }],
    select: {
      invoiceId: true,
      line: true,
      skuId: true,
      priceVersionId: true,
      purchase: true,
      taxRateBps: true,
      usedSeconds: true,
      unusedSeconds: true,
      grossUnits: true,
      voucherUnits: true,
      grossFen: true,
      netFen: true,
      taxFen: true,
    },
  });
  const lines = rows.map(({ invoiceId, ...row }) => ({
    invoiceId,
    line: {
      ...row,
      skuId: idFrom('sku', row.skuId),
      priceVersionId: idFrom('priceVersion', row.priceVersionId),
      purchase: oneOf(PURCHASES, row.purchase),
      grossUnits: units(row.grossUnits),
      voucherUnits: units(row.voucherUnits),
      grossFen: fen(row.grossFen),
      netFen: fen(row.netFen),
      taxFen: fen(row.taxFen),
    },
  }));
  const byInvoice = Map.groupBy(lines, ({ invoiceId }) => invoiceId);
  return new Map([...byInvoice].map(([id, group]) => [id, group.map(({ line }) => line)]));
}
