import 'server-only';
import { createHash } from 'node:crypto';
import { record } from '#lib/audit/record.ts';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { fenToUnits, units } from '#lib/core/money.ts';
import { type Month, monthInterval, shanghaiDateOf } from '#lib/core/period.ts';
import { onReceivable, promoDeducted } from '#lib/ledger/credit-templates.ts';
import { post } from '#lib/ledger/posting.ts';
import { invoiceIssued, residueReturned } from '#lib/ledger/templates.ts';
import type { Journal } from '#lib/ledger/types.ts';
import type { Tx } from '#lib/platform/db.ts';
import { readDeductions } from '#lib/vouchers/deductions.ts';
import { insertInvoices, lockIssuing, readBillables, takeNumbers } from './close-store.ts';
import { type Billable, type IssueCatalog, type IssuedInvoice, issueInvoices, residueIsOwed } from './issuing.ts';
import { readAskedOnAccount } from './receivables/asked-on-account.ts';
import { SELLER } from './seller.ts';
import type { InvoiceLine } from './types.ts';

/** Invoices of one transaction: so few that it is short, so many that what each costs is its own work. */
const BATCH_INVOICES = 100;

/** The books of a month: its invoices become effective on its last millisecond. */
const booksAt = (month: Month): Instant => instant(monthInterval(month).endAt - 1);

/** An invoice's id follows from its number, so that a month that is closed again from the same data is the same. */
function idOf({ number, issuedAt }: IssuedInvoice): Id<'invoice'> {
  return makeId('invoice', issuedAt, createHash('sha256').update(number).digest().subarray(0, 10));
}

function journalsOf(id: Id<'invoice'>, invoice: IssuedInvoice, asked: Billable['account']): Journal[] {
  const { organisationId, month, lines } = invoice;
  const at = booksAt(month);
  const issued = lines.map((line) =>
    invoiceIssued(
      { id, line: line.line, organisationId, at },
      { id: line.skuId, taxRateBps: line.taxRateBps },
      line.netFen,
      line.taxFen,
    ),
  );
  const bySku = [...Map.groupBy(lines, (line) => line.skuId)];
  const sums = (pick: (line: InvoiceLine) => bigint) =>
    bySku.map(([skuId, group]) => ({ skuId, amount: units(group.reduce((sum, line) => sum + pick(line), 0n)) }));
  const residues = sums((line) => line.grossUnits - line.voucherUnits - fenToUnits(line.grossFen));
  const deducted = promoDeducted(
    { id, organisationId, at },
    sums((line) => line.voucherUnits),
  );
  // Whoever owes for the month owes the residue less; who paid for it gets it back.
  const returned = residueReturned({ id, organisationId, at }, residues).map((journal) =>
    residueIsOwed(invoice.totals, asked) ? onReceivable(journal, organisationId) : journal,
  );
  return [...issued, deducted, ...returned];
}

/**
 * Issues the next invoices of a month whose close has begun: numbers, lines, snapshots, journals and audit of all of
 * them or none. Batches follow one another whoever asks for them. Answers how many there were; 0 when all are issued.
 */
export async function issueBatch(
  ctx: Ctx,
  tx: Tx,
  month: Month,
  cutoffAt: Instant,
  catalog: IssueCatalog,
): Promise<number> {
  await lockIssuing(tx, month);
  const billables: Billable[] = [];
  const onAccount = await readAskedOnAccount(tx, month, cutoffAt);
  for (const billable of await readBillables(tx, month, BATCH_INVOICES)) {
    const isPaidByVouchers = billable.sums.some(({ voucherUnits }) => voucherUnits > 0n);
    const vouchers = isPaidByVouchers ? await readDeductions(tx, month, billable.organisationId) : [];
    const account = onAccount.get(billable.organisationId);
    billables.push({ ...billable, vouchers, ...(account ? { account } : {}) });
  }
  if (billables.length === 0) return 0;
  const year = Number.parseInt(shanghaiDateOf(cutoffAt).slice(0, 4), 10);
  const range = await takeNumbers(tx, SELLER.entity, year, billables.length);
  const invoices = issueInvoices(month, cutoffAt, billables, range, catalog).map((invoice) => ({
    ...invoice,
    id: idOf(invoice),
  }));
  await insertInvoices(tx, invoices);
  await post(
    ctx,
    tx,
    invoices.flatMap((invoice) => journalsOf(invoice.id, invoice, onAccount.get(invoice.organisationId))),
  );
  for (const { id, number, totals, organisationId } of invoices)
    await record(ctx, tx, 'invoice.issue', id, { number, month, grossFen: totals.grossFen }, organisationId);
  return invoices.length;
}
