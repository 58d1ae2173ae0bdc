import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { monthCutoffAt, monthInterval, monthOf, parseMonth } from '#lib/core/period.ts';
import { book, customerOf, openTestMarket, runTo } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { codeOf, need } from '#lib/identity/testing/people.ts';
import { listAudit } from '#lib/audit/service.ts';
import { goodwillGranted } from '#lib/ledger/correction-templates.ts';
import { LEDGER_PROOFS } from '#lib/ledger/proofs.ts';
import { proposeReversal } from '#lib/ledger/reversals.ts';
import { freshId, postAll, refusalOf } from '#lib/ledger/testing.ts';
import { decideReversal } from '#lib/payments/reversals.ts';
import { readNow } from '#lib/platform/clock.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { closePeriod } from '../close.ts';
import { findCreditNote } from '../credit-notes/reading.ts';
import { decideCreditNote, proposeCreditNote } from '../credit-notes/service.ts';
import { listKeptFiles } from '../exports.ts';
import { listInvoices } from '../invoices.ts';
import { COST_COLUMNS } from '../focus/columns.ts';
import { csvRows, readFile } from '../testing-exports.ts';
import { FOCUS_SKIPPED, focusRules, isFocusDataAbsent } from '../testing-focus-rules.ts';
import { askReopening, closeAgain, decideReopening, listReopenings } from './service.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');
await book(market, { cards: 3, durationSeconds: 5_000 });
await runTo(market, instant(market.startAt + 3 * 3_600_000));
const organisationId = market.organisationId;
const reservationId = idFrom('reservation', 'rsv_goodwill');
const grant = (at: number, yuan: bigint) => {
  const id = freshId('compensation', market.startAt);
  return goodwillGranted({ id, organisationId, reservationId, at: instant(at) }, units(yuan * 100_000_000n), 'wallet');
};
const early = grant(market.startAt, 5n);
await postAll({ ...SYSTEM, now: market.startAt }, early);
await runTo(market, monthCutoffAt(MONTH));

async function staff(name: string, role: 'finance' | 'auditor' | 'admin' = 'finance'): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const userId = idFrom('user', name);
  return { actor: { kind: 'staff', userId, roles: [role] }, scope: { kind: 'staff' }, requestId: 'req_f', now };
}
const fang = await staff('usr_fang');
const ge = await staff('usr_ge');
need(await closePeriod(fang, MONTH));
const invoice = present((await listInvoices(fang, {}, { skip: 0, take: 9 })).rows[0], 'an invoice');
const REASON = 'the auditor asks for the correction in November';

const status = async () => {
  const { bytes } = await readFile(fang, { kind: 'focus-1.4-billing-period', month: MONTH });
  return csvRows(bytes)[0]?.['BillingPeriodStatus'];
};
const kept = async () => (await listKeptFiles(fang, { month: MONTH })).map(({ sha256 }) => sha256);
const credit = async (yuan: string) => {
  const input = { invoiceId: invoice.id, reason: 'orderChange', reasonText: '', scope: 'lines' } as const;
  const id = need(await proposeCreditNote(fang, { ...input, amounts: [{ line: 1, yuan }] }));
  need(await decideCreditNote(ge, { creditNoteId: id, isApproved: true }));
  return present((await findCreditNote(fang, id))?.note.issue, 'an issue');
};
const prove = async () => {
  for (const { name, run } of LEDGER_PROOFS) expect((await withTx(SYSTEM, run)).violations, name).toBe(0);
};

describe('a closed month', () => {
  test('stays closed until another person agrees, and is closed again with what was corrected', async () => {
    expect(await status()).toBe('Closed');
    const [seal] = await kept();
    expect(seal).toBeDefined();
    const id = need(await askReopening(fang, { month: MONTH, reason: REASON }));
    expect(codeOf(await askReopening(ge, { month: MONTH, reason: REASON }))).toBe('reopenWaiting');
    expect(codeOf(await decideReopening(fang, { reopeningId: id, isApproved: true }))).toBe('reopenSamePerson');
    expect(monthOf((await credit('0.10')).effectiveAt)).toBe('2026-12');
    need(await decideReopening(ge, { reopeningId: id, isApproved: true }));
    expect(codeOf(await decideReopening(ge, { reopeningId: id, isApproved: true }))).toBe('reopenDecided');
    expect(await status()).toBe('Open');

    const issue = await credit('1.00');
    expect(issue.effectiveAt).toBe(monthInterval(MONTH).endAt - 1);
    expect(issue.number).toBe('KS-CN-2026-000002');
    const reversal = need(await proposeReversal(fang, { journalKey: early.key, reason: 'granted twice' }));
    expect(codeOf(await decideReversal(fang, { requestId: reversal, isApproved: true }))).toBe('reversalSamePerson');
    need(await decideReversal(ge, { requestId: reversal, isApproved: true }));
    await prove();

    const corrections = { reversals: 1, reversedUnits: 500_000_000n, creditNotes: 1, creditedUnits: 100_000_000n };
    expect((await listReopenings(fang, MONTH))[0]).toMatchObject({ state: 'agreed', corrections });
    expect(codeOf(await closePeriod(fang, MONTH))).toBe('monthClosed');
    expect(need(await closeAgain(fang, MONTH))).toEqual(corrections);
    expect(codeOf(await closeAgain(fang, MONTH))).toBe('reopenNotOpen');
    expect((await listReopenings(fang, MONTH))[0]).toMatchObject({
      state: 'closed',
      corrections,
      closedByName: 'user:usr_fang',
    });
    await prove();
  });

  test('keeps its invoices; its files begin a new edition, with the notes in them, that is sealed in turn', async () => {
    expect(await kept()).toEqual([]);
    const focus = await readFile(fang, { kind: 'focus-1.2', month: MONTH });
    const notes = csvRows(focus.bytes).filter((row) => row['InvoiceId'] === 'KS-CN-2026-000002');
    expect(notes.map((row) => [row['ChargeCategory'], row['ChargeClass'], row['BilledCost']])).toEqual([
      ['Credit', 'Correction', '-0.95'],
      ['Tax', 'Correction', '-0.05'],
    ]);
    const detail = csvRows((await readFile(fang, { kind: 'focus-1.4-invoice-detail', month: MONTH })).bytes);
    const credited = detail.filter((row) => row['InvoiceId'] === 'KS-CN-2026-000002');
    expect(credited.map((row) => [row['BilledCost'], row['ReferenceInvoiceId'], row['InvoiceDetailId']])).toEqual([
      ['-0.95', invoice.number, 'KS-CN-2026-000002/1/credit'],
      ['-0.05', invoice.number, 'KS-CN-2026-000002/1/tax'],
    ]);
    expect(await kept()).toContain(focus.sha256);
    expect((await readFile(fang, { kind: 'focus-1.2', month: MONTH })).sha256).toBe(focus.sha256);
    expect(await status()).toBe('Closed');
    expect((await listInvoices(fang, {}, { skip: 0, take: 9 })).rows).toEqual([invoice]);
    const editions = await withTx(SYSTEM, (tx) =>
      tx.exportFile.findMany({ select: { edition: true }, orderBy: { id: 'asc' } }),
    );
    expect(editions.map(({ edition }) => edition)).toEqual([1, 2, 2, 2]);
  });

  test.skipIf(isFocusDataAbsent)(`${FOCUS_SKIPPED}with its notes keeps the rules of FOCUS 1.2`, async () => {
    const rows = csvRows((await readFile(fang, { kind: 'focus-1.2', month: MONTH })).bytes);
    const verdicts = focusRules().verdictsOn(COST_COLUMNS['1.2'], rows);
    expect(verdicts.filter(({ result }) => result === 'failed')).toEqual([]);
  });

  test('that is closed again takes nothing more', async () => {
    expect(monthOf((await credit('0.20')).effectiveAt)).toBe('2026-12');
    expect(await refusalOf(postAll({ ...SYSTEM, now: fang.now }, grant(market.startAt, 1n)))).toBe('monthClosed');
  });

  test('takes reversals and credit notes while it is open, and nothing else', async () => {
    const id = need(await askReopening(fang, { month: MONTH, reason: REASON }));
    need(await decideReopening(ge, { reopeningId: id, isApproved: true }));
    expect(await refusalOf(postAll({ ...SYSTEM, now: fang.now }, grant(market.startAt, 1n)))).toBe('monthClosed');
    expect(codeOf(await decideReopening(ge, { reopeningId: 'rop_x', isApproved: true }))).toBe('reopenUnknown');
    need(await closeAgain(ge, MONTH));
    const actions = (await listAudit(await staff('usr_au', 'auditor'), { target: MONTH })).map(({ action }) => action);
    expect(actions.slice(0, 3)).toEqual(['period.closeAgain', 'period.reopen', 'period.askReopening']);
  });

  test.each(['2026-12', '2020-01', 'soon', ''])('%j cannot be reopened', async (month) => {
    expect(codeOf(await askReopening(fang, { month, reason: REASON }))).toBe('reopenNotClosed');
  });

  test('is reopened by the database for two people only, and not by a word', async () => {
    const id = need(await askReopening(fang, { month: MONTH, reason: REASON }));
    const run = (sql: string) =>
      withTx(fang, (tx) => tx.$executeRawUnsafe(sql)).then(
        () => 'done',
        (error: unknown) => databaseErrorOf(error)?.sqlState,
      );
    expect(
      await run(
        `UPDATE period_reopening SET state = 'agreed', decided_by = asked_by, decided_at = now() WHERE id = '${id}'`,
      ),
    ).toBe('23514');
    expect(await run(`UPDATE period_reopening SET state = 'closed' WHERE id = '${id}'`)).toBe('KS001');
    expect(await run(`DELETE FROM period_reopening`)).toBe('42501');
    expect(await run(`DELETE FROM closed_month`)).toBe('42501');
    const insert = `INSERT INTO period_reopening (id, month, reason, state, asked_by, asked_at, decided_by, decided_at)`;
    expect(
      await run(
        `${insert} SELECT 'rop_y', month, reason, 'agreed', 'a', now(), 'b', now() FROM period_reopening LIMIT 1`,
      ),
    ).toBe('KS001');
    need(await decideReopening(fang, { reopeningId: id, isApproved: false }));
    const declined = (await listReopenings(fang, MONTH)).find((each) => each.id === id);
    expect(declined).toMatchObject({ state: 'declined', corrections: null });
  });

  test('is no matter of auditors and customers', async () => {
    for (const ctx of [await staff('usr_au', 'auditor'), await customerOf(organisationId)])
      await expect(askReopening(ctx, { month: MONTH, reason: REASON })).rejects.toThrow(Forbidden);
  });
});
