import 'server-only';
import { record } from '#lib/audit/record.ts';
import { present } from '#lib/core/assert.ts';
import { actorLabel, type Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { shanghaiDateOf } from '#lib/core/period.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import { authorize } from '#lib/identity/authorize.ts';
import { creditNoteIssued } from '#lib/ledger/correction-templates.ts';
import { lockReceivable, readCorrectingInstant } from '#lib/ledger/correcting.ts';
import { post } from '#lib/ledger/posting.ts';
import { type Tx, withTx } from '#lib/platform/db.ts';
import { newId } from '#lib/platform/random.ts';
import { findInvoiceRecord } from '../invoice-store.ts';
import { hashSnapshot } from '../snapshot-hash.ts';
import { creditSnapshot } from './snapshot.ts';
import { decideLines, sumOf } from './split.ts';
import {
  findNote,
  hasWaiting,
  insertProposal,
  lockOrganisation,
  readCreditableLines,
  takeNumber,
  writeDecision,
} from './store.ts';
import type { CreditNote, CreditNoteInput, CreditNoteRefusal } from './types.ts';

/**
 * Proposes a credit note over lines of an issued invoice. It counts when somebody else has issued it. Refuses, in this
 * order: an unknown invoice, `other` without words, another proposal that waits, then what {@link decideLines} refuses.
 */
export async function proposeCreditNote(
  ctx: Ctx,
  input: CreditNoteInput,
): Promise<Result<Id<'creditNote'>, CreditNoteRefusal>> {
  authorize(ctx, 'creditNote:propose');
  const { reason, reasonText } = input;
  return withTx(ctx, async (tx) => {
    const found = await findInvoiceRecord(tx, null, input.invoiceId);
    if (!found) return refuse({ code: 'creditInvoiceUnknown' });
    if (reason === 'other' && reasonText.length < 3) return refuse({ code: 'creditReasonMissing' });
    const { id: invoiceId, organisationId } = found.invoice;
    await lockOrganisation(tx, organisationId);
    if (await hasWaiting(tx, invoiceId)) return refuse({ code: 'creditNoteWaiting' });
    const lines = decideLines(await readCreditableLines(tx, invoiceId), input);
    if (!lines.ok) return lines;
    const id = newId('creditNote', ctx.now);
    const proposed = { proposedBy: actorLabel(ctx.actor), proposedAt: ctx.now };
    const note = { id, invoiceId, organisationId, reason, reasonText, ...sumOf(lines.value), ...proposed };
    if (!(await insertProposal(tx, note, lines.value))) return refuse({ code: 'creditNoteWaiting' });
    const { grossFen } = note;
    await record(ctx, tx, 'creditNote.propose', id, { invoice: invoiceId, reason, grossFen });
    return accept(id);
  });
}

/** Issues a note: number, snapshot, journals. It counts now, or within its invoice's month while that is reopened. */
async function issue(ctx: Ctx, tx: Tx, note: CreditNote): Promise<void> {
  const { id, invoiceId, organisationId, grossFen } = note;
  const { snapshot: invoice } = present(await findInvoiceRecord(tx, null, invoiceId), `invoice ${invoiceId}`);
  const owedUnits = await lockReceivable(tx, organisationId);
  const creditedTo = owedUnits >= fenToUnits(grossFen) ? 'receivable' : 'wallet';
  const effectiveAt = await readCorrectingInstant(tx, note.month, ctx.now);
  const [entity = ''] = invoice.number.split('-');
  const { number, previousHash } = await takeNumber(
    tx,
    entity,
    Number.parseInt(shanghaiDateOf(ctx.now).slice(0, 4), 10),
  );
  const snapshot = creditSnapshot(note, invoice, { number, at: ctx.now, creditedTo });
  const snapshotHash = hashSnapshot(previousHash, snapshot);
  const decided = { by: actorLabel(ctx.actor), at: ctx.now };
  const written = { number, effectiveAt, creditedTo, snapshot, snapshotHash, previousHash } as const;
  await writeDecision(tx, id, { ...decided, issue: written });
  const skus = new Map((await readCreditableLines(tx, invoiceId)).map(({ line, skuId }) => [line, skuId]));
  const journals = note.lines.map((line) =>
    creditNoteIssued(
      { id, invoiceId, line: line.line, organisationId, at: effectiveAt },
      present(skus.get(line.line), `line ${line.line}`),
      { net: line.netFen, tax: line.taxFen },
      creditedTo,
    ),
  );
  await post(ctx, tx, journals);
  await record(ctx, tx, 'creditNote.issue', id, { number, invoice: invoiceId, grossFen, creditedTo }, organisationId);
}

/**
 * Issues or declines a proposal. Whoever proposed it cannot issue it, and may take it back by declining. Refuses, in
 * this order: unknown, decided before, the same person.
 */
export async function decideCreditNote(
  ctx: Ctx,
  input: { readonly creditNoteId: string; readonly isApproved: boolean },
): Promise<Result<null, CreditNoteRefusal>> {
  authorize(ctx, 'creditNote:decide');
  return withTx(ctx, async (tx) => {
    const seen = await findNote(tx, null, input.creditNoteId);
    if (!seen) return refuse({ code: 'creditNoteUnknown' });
    await lockOrganisation(tx, seen.organisationId);
    const note = present(await findNote(tx, null, seen.id), 'a note that was there');
    if (note.state !== 'proposed') return refuse({ code: 'creditNoteDecided' });
    const by = actorLabel(ctx.actor);
    if (!input.isApproved) {
      await writeDecision(tx, note.id, { by, at: ctx.now, issue: null });
      await record(ctx, tx, 'creditNote.decline', note.id, { invoice: note.invoiceId });
      return accept(null);
    }
    if (note.proposedBy === by) return refuse({ code: 'creditNoteSamePerson' });
    await issue(ctx, tx, note);
    return accept(null);
  });
}
