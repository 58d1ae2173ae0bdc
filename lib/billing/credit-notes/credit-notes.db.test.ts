import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { book, customerOf, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { codeOf, need } from '#lib/identity/testing/people.ts';
import { chart } from '#lib/ledger/chart.ts';
import { LEDGER_PROOFS } from '#lib/ledger/proofs.ts';
import { netOf } from '#lib/ledger/testing.ts';
import { readNow } from '#lib/platform/clock.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { closePeriod } from '../close.ts';
import { listInvoices } from '../invoices.ts';
import { BILLING_PROOFS } from '../proofs.ts';
import { findCreditNote, findCreditNotePdf, listNotesOfInvoice } from './reading.ts';
import { decideCreditNote, proposeCreditNote } from './service.ts';
import type { CreditNoteInput } from './types.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');
const other = await seedCustomer(10_000n, market.startAt);
await book(market, { cards: 3, durationSeconds: 5_000 });
await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
await book(market, { cards: 1, durationSeconds: 100 }, other);
await runTo(market, instant(market.startAt + 26 * 3_600_000));
await runTo(market, monthCutoffAt(MONTH));

async function staff(name: string, role: 'finance' | 'admin' | 'auditor' = 'finance'): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const userId = idFrom('user', name);
  return { actor: { kind: 'staff', userId, roles: [role] }, scope: { kind: 'staff' }, requestId: 'req_f', now };
}
const SYSTEM_AT: Ctx = { ...SYSTEM, now: market.startAt };
const fang = await staff('usr_fang');
const ge = await staff('usr_ge');
need(await closePeriod(fang, MONTH));
const own = await customerOf(market.organisationId);
const invoice = present((await listInvoices(own, {}, { skip: 0, take: 9 })).rows[0], 'an invoice');
const WALLET = chart.wallet(market.organisationId);

const wish = (change: Partial<CreditNoteInput> = {}): CreditNoteInput => ({
  invoiceId: invoice.id,
  reason: 'duplicatedCharge',
  reasonText: '',
  scope: 'lines',
  amounts: [{ line: 1, yuan: '1.05' }],
  ...change,
});
const propose = async (change: Partial<CreditNoteInput> = {}) => need(await proposeCreditNote(fang, wish(change)));
const decide = (by: Ctx, creditNoteId: string, isApproved = true) => decideCreditNote(by, { creditNoteId, isApproved });

async function proveAll(): Promise<void> {
  for (const { name, run } of [...BILLING_PROOFS, ...LEDGER_PROOFS])
    expect((await withTx(SYSTEM, run)).violations, name).toBe(0);
}

const stateOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => databaseErrorOf(error)?.sqlState ?? String(error),
  );

describe('a credit note', () => {
  test('is nothing until another person has issued it; then it is money in the wallet, less revenue and less tax', async () => {
    const before = await netOf(SYSTEM_AT, WALLET);
    const tax = await netOf(SYSTEM_AT, chart.vatPayable());
    const id = await propose();
    expect(await netOf(SYSTEM_AT, WALLET)).toBe(before);
    expect(await listNotesOfInvoice(own, invoice.id)).toEqual([]);
    const seen = await withTx(own, async (tx) => [await tx.creditNote.count(), await tx.creditNoteLine.count()]);
    expect(seen).toEqual([0, 0]);
    expect(codeOf(await decide(fang, id))).toBe('creditNoteSamePerson');
    expect(codeOf(await proposeCreditNote(ge, wish()))).toBe('creditNoteWaiting');
    expect(codeOf(await decide(ge, id))).toBe('accepted');
    expect(await netOf(SYSTEM_AT, WALLET)).toBe(before + fenToUnits(105n as never));
    expect(await netOf(SYSTEM_AT, chart.vatPayable())).toBe(tax - fenToUnits(6n as never));
    const [note] = await listNotesOfInvoice(own, invoice.id);
    expect(note).toMatchObject({ state: 'issued', grossFen: 105n, netFen: 99n, taxFen: 6n });
    expect(note?.issue).toMatchObject({ number: 'KS-CN-2026-000001', creditedTo: 'wallet' });
    expect(codeOf(await decide(ge, id))).toBe('creditNoteDecided');
    await proveAll();
  });

  test('that is declined leaves no number behind, and its lines may be credited again', async () => {
    const id = await propose({ reason: 'orderChange' });
    expect(codeOf(await decide(fang, id, false))).toBe('accepted');
    const next = await propose({ amounts: [{ line: 1, yuan: '0.01' }] });
    need(await decide(ge, next));
    const found = present(await findCreditNote(own, next), 'the note');
    expect(found.note.issue?.number).toBe('KS-CN-2026-000002');
    expect(found.isIntact).toBe(true);
    const [first] = (await listNotesOfInvoice(own, invoice.id)).toReversed();
    expect(found.note.issue?.previousHash).toBe(first?.issue?.snapshotHash);
    expect(await findCreditNote(own, id)).toBeNull();
  });

  test('with the rest takes the invoice to nothing in gross, net and tax, and no further', async () => {
    need(await decide(ge, await propose({ scope: 'rest' })));
    const notes = await listNotesOfInvoice(fang, invoice.id);
    const issued = notes.filter(({ state }) => state === 'issued');
    const sum = (of: 'grossFen' | 'netFen' | 'taxFen') => issued.reduce((total, note) => total + note[of], 0n);
    expect([sum('grossFen'), sum('netFen'), sum('taxFen')]).toEqual([invoice.grossFen, invoice.netFen, invoice.taxFen]);
    expect(codeOf(await proposeCreditNote(fang, wish({ scope: 'rest' })))).toBe('creditNothing');
    expect(codeOf(await proposeCreditNote(fang, wish()))).toBe('creditOverLine');
    await proveAll();
  });

  test.each([
    [{ invoiceId: 'inv_none' }, 'creditInvoiceUnknown'],
    [{ invoiceId: 'inv_none', reason: 'other' }, 'creditInvoiceUnknown'],
    [{ reason: 'other', reasonText: ' ' }, 'creditReasonMissing'],
  ] as const)('%j is refused: %s', async (change, code) => {
    expect(codeOf(await proposeCreditNote(fang, wish(change)))).toBe(code);
  });

  test('prints the same bytes to finance and to its customer, and to nobody else', async () => {
    const [note] = await listNotesOfInvoice(own, invoice.id);
    const id = present(note, 'a note').id;
    const [mine, theirs] = [await findCreditNotePdf(own, id), await findCreditNotePdf(fang, id)];
    expect(Buffer.from(mine?.bytes ?? []).equals(Buffer.from(theirs?.bytes ?? []))).toBe(true);
    expect(mine?.fileName).toMatch(/^kashi-credit-note-KS-CN-2026-00000\d\.pdf$/);
    expect(await findCreditNotePdf(await customerOf(other), id)).toBeNull();
  });

  test('is no matter of auditors, ops or customers', async () => {
    for (const ctx of [await staff('usr_au', 'auditor'), own])
      await expect(proposeCreditNote(ctx, wish())).rejects.toThrow(Forbidden);
    await expect(decide(own, 'crn_x')).rejects.toThrow(Forbidden);
    expect(codeOf(await decide(ge, 'crn_x'))).toBe('creditNoteUnknown');
  });
});

describe('the database by itself', () => {
  const theirs = async () =>
    present(
      (await listInvoices(fang, {}, { skip: 0, take: 9 })).rows.find(({ organisationId }) => organisationId === other),
      'an invoice',
    );

  test('refuses one person twice, a note that changes, more than a line has, and a number out of turn', async () => {
    const { id: invoiceId } = await theirs();
    const id = need(await proposeCreditNote(fang, wish({ invoiceId, amounts: [{ line: 1, yuan: '0.10' }] })));
    const run = (sql: string) => stateOf(withTx(fang, (tx) => tx.$executeRawUnsafe(sql)));
    const issued = `number = 'KS-CN-2026-000099', effective_at = now(), credited_to = 'wallet', snapshot = '{}', snapshot_hash = 'x', previous_hash = 'x', decided_at = now()`;
    expect(
      await run(`UPDATE credit_note SET state = 'issued', decided_by = proposed_by, ${issued} WHERE id = '${id}'`),
    ).toBe('23514');
    expect(
      await run(
        `UPDATE credit_note SET gross_fen = 999, state = 'declined', decided_by = 'x', decided_at = now() WHERE id = '${id}'`,
      ),
    ).toBe('KS001');
    expect(await run(`DELETE FROM credit_note WHERE id = '${id}'`)).toBe('42501');
    expect(await run(`UPDATE credit_note_line SET gross_fen = 1 WHERE credit_note_id = '${id}'`)).toBe('42501');
    const line = `INSERT INTO credit_note_line SELECT credit_note_id, line, invoice_id, organisation_id, 999999, 999999, 0 FROM credit_note_line WHERE credit_note_id = '${id}'`;
    expect(await run(line)).toBe('23514');
    expect(await run(`UPDATE credit_note SET proposed_by = 'user:usr_ge' WHERE id = '${id}'`)).toBe('KS001');
    need(await decide(ge, id));
    expect(await run(`UPDATE credit_note SET state = 'declined' WHERE id = '${id}'`)).toBe('KS001');
  });

  test('lets one of many proposals of an invoice through, and one of many decisions of a note', async () => {
    const { id: invoiceId } = await theirs();
    const input = wish({ invoiceId, amounts: [{ line: 1, yuan: '0.01' }] });
    const proposals = await Promise.all(Array.from({ length: 8 }, () => proposeCreditNote(fang, input)));
    expect(proposals.map(codeOf).sort()).toEqual(['accepted', ...Array.from({ length: 7 }, () => 'creditNoteWaiting')]);
    const id = proposals.flatMap((each) => (each.ok ? [each.value] : []))[0] ?? '';
    const decisions = await Promise.all(Array.from({ length: 8 }, (_, i) => decide(ge, id, i % 2 === 0)));
    expect(decisions.filter(({ ok }) => ok)).toHaveLength(1);
    await proveAll();
  });
});
