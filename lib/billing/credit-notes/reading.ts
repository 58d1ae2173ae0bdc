import 'server-only';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { readJournals } from '#lib/ledger/journals-by-key.ts';
import type { JournalView } from '#lib/ledger/types.ts';
import { withTx } from '#lib/platform/db.ts';
import { renderCreditNotePdf } from '../documents/credit-note-pdf.ts';
import { findInvoiceRecord } from '../invoice-store.ts';
import type { DocumentFile } from '../invoices.ts';
import { hashSnapshot } from '../snapshot-hash.ts';
import type { InvoiceView } from '../types.ts';
import { findNote, hasWaiting, readCreditableLines, readNotes } from './store.ts';
import type { CreditableLine, CreditNote } from './types.ts';

const NOTES_OF_INVOICE_MAX = 200;

/** Whose notes a context sees: its organisation's issued ones, or with null everybody's. */
const tenantOf = ({ scope }: Ctx): Id<'organisation'> | null =>
  scope.kind === 'organisation' ? scope.organisationId : null;

/** A page of credit notes, what waits first, then the newest. A customer sees its issued ones. */
export async function listCreditNotes(
  ctx: Ctx,
  filter: { readonly isWaiting?: boolean },
  page: { readonly skip: number; readonly take: number },
): Promise<{ rows: CreditNote[]; total: number }> {
  authorize(ctx, 'invoice:read');
  return withTx(ctx, (tx) => readNotes(tx, { organisationId: tenantOf(ctx), ...filter }, page.skip, page.take));
}

/** The credit notes of an invoice, newest first. */
export async function listNotesOfInvoice(ctx: Ctx, invoiceId: string): Promise<CreditNote[]> {
  authorize(ctx, 'invoice:read');
  const filter = { organisationId: tenantOf(ctx), invoiceId };
  return (await withTx(ctx, (tx) => readNotes(tx, filter, 0, NOTES_OF_INVOICE_MAX))).rows;
}

/** A note with its journals and whether its snapshot still has its hash; null when there is none of that id in sight. */
export async function findCreditNote(
  ctx: Ctx,
  id: string,
): Promise<{ note: CreditNote; isIntact: boolean; journals: readonly JournalView[] } | null> {
  authorize(ctx, 'invoice:read');
  return withTx(ctx, async (tx) => {
    const note = await findNote(tx, tenantOf(ctx), id);
    if (!note) return null;
    const { issue } = note;
    const isIntact = issue === null || hashSnapshot(issue.previousHash, issue.snapshot) === issue.snapshotHash;
    const keys = note.lines.map(({ line }) => `credit-note:${note.id}:${line}`);
    return { note, isIntact, journals: await readJournals(tx, keys) };
  });
}

/** What may still be credited of an invoice, for finance; null when there is no such invoice. */
export async function findCreditable(
  ctx: Ctx,
  invoiceId: string,
): Promise<{ invoice: InvoiceView; lines: CreditableLine[]; isWaiting: boolean } | null> {
  authorize(ctx, 'creditNote:propose');
  return withTx(ctx, async (tx) => {
    const found = await findInvoiceRecord(tx, null, invoiceId);
    if (!found) return null;
    const { invoice } = found;
    return {
      invoice,
      lines: await readCreditableLines(tx, invoice.id),
      isWaiting: await hasWaiting(tx, invoice.id),
    };
  });
}

/** The PDF of an issued note, from its snapshot: the same bytes at any time. Null when there is none in sight. */
export async function findCreditNotePdf(ctx: Ctx, id: string): Promise<DocumentFile | null> {
  authorize(ctx, 'invoice:read');
  const note = await withTx(ctx, (tx) => findNote(tx, tenantOf(ctx), id));
  if (!note?.issue) return null;
  const { snapshot, snapshotHash } = note.issue;
  return {
    fileName: `kashi-credit-note-${snapshot.number}.pdf`,
    bytes: await renderCreditNotePdf(snapshot, snapshotHash),
  };
}
