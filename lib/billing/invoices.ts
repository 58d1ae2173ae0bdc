import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { parseMonth } from '#lib/core/period.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { readJournals } from '#lib/ledger/journals-by-key.ts';
import { invoiceKeys } from '#lib/ledger/templates.ts';
import { withTx } from '#lib/platform/db.ts';
import { renderInvoicePdf } from './documents/invoice-pdf.ts';
import { findInvoiceRecord, readInvoiceLines, readInvoices } from './invoice-store.ts';
import { hashSnapshot } from './snapshot-hash.ts';
import type { InvoiceDetail, InvoiceView } from './types.ts';

/** Whose invoices a context sees: its organisation's own, or with null everybody's. */
const tenantOf = ({ scope }: Ctx): Id<'organisation'> | null =>
  scope.kind === 'organisation' ? scope.organisationId : null;

/**
 * A page of issued invoices, newest first: the organisation's own, or everybody's for finance. `month` as `YYYY-MM`
 * keeps to one month; what is not a month has no invoices.
 */
export async function listInvoices(
  ctx: Ctx,
  filter: { readonly month?: string | undefined },
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: InvoiceView[]; total: number }> {
  authorize(ctx, 'invoice:read');
  const month = filter.month === undefined ? undefined : parseMonth(filter.month);
  if (month === null) return { rows: [], total: 0 };
  return withTx(ctx, (tx) => readInvoices(tx, { organisationId: tenantOf(ctx), month }, page.skip, page.take));
}

/** One invoice with lines, snapshot and the journals of its issue; null when there is none of that id in sight. */
export async function findInvoice(ctx: Ctx, id: string): Promise<InvoiceDetail | null> {
  authorize(ctx, 'invoice:read');
  return withTx(ctx, async (tx) => {
    const found = await findInvoiceRecord(tx, tenantOf(ctx), id);
    if (found === null) return null;
    const { invoice, snapshot, previousHash } = found;
    const lines = (await readInvoiceLines(tx, [invoice.id])).get(invoice.id) ?? [];
    return {
      ...found,
      lines,
      isIntact: hashSnapshot(previousHash, snapshot) === invoice.snapshotHash,
      journals: await readJournals(tx, invoiceKeys(invoice.id, lines.length)),
    };
  });
}

/** A file as it is handed to a browser. */
export type DocumentFile = { readonly fileName: string; readonly bytes: Uint8Array };

/**
 * The PDF of an issued invoice, rendered from its snapshot and nothing else: the same bytes at any time. Null when there
 * is no invoice of that id in sight.
 */
export async function findInvoicePdf(ctx: Ctx, id: string): Promise<DocumentFile | null> {
  authorize(ctx, 'invoice:read');
  const found = await withTx(ctx, (tx) => findInvoiceRecord(tx, tenantOf(ctx), id));
  if (found === null) return null;
  const { snapshot, invoice } = found;
  return {
    fileName: `kashi-invoice-${snapshot.number}.pdf`,
    bytes: await renderInvoicePdf(snapshot, invoice.snapshotHash),
  };
}
