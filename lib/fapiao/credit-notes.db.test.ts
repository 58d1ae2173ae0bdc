import { expect, test } from 'vitest';
import { decideCreditNote, proposeCreditNote } from '#lib/billing/credit-notes/service.ts';
import { findInvoice } from '#lib/billing/invoices.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { importResults } from './exchange.ts';
import { FAPIAO_PROOFS } from './proofs.ts';
import { getFapiaoAccount, listOpenInvoices, requestFapiao } from './requests.ts';
import { freshNumber, handOver, issuedRow, must, openClosedMarket, resultsFile, titleOf } from './testing.ts';

await createTestDatabase();
const { own, finance, invoice } = await openClosedMarket();
const ge: Ctx = { ...finance, actor: { kind: 'staff', userId: idFrom('user', 'usr_ge'), roles: ['finance'] } };
const lines = present(await findInvoice(finance, invoice.id), 'the invoice').lines;
const [first, second] = [present(lines[0], 'a line'), present(lines[1], 'another line')];
const title = await titleOf(own, '贷项测试有限公司');
const yuan = (fen: bigint) => `${fen / 100n}.${`${fen % 100n}`.padStart(2, '0')}`;
const ask = (amountYuan: string) =>
  requestFapiao(own, { titleId: title.id, invoiceIds: [invoice.id], amountYuan, remark: '' });

async function credit(line: number, amountYuan: string): Promise<void> {
  const input = { invoiceId: invoice.id, reason: 'productUnsatisfactory', reasonText: '', scope: 'lines' } as const;
  const creditNoteId = must(await proposeCreditNote(finance, { ...input, amounts: [{ line, yuan: amountYuan }] }));
  must(await decideCreditNote(ge, { creditNoteId, isApproved: true }));
}

const prove = async () => {
  for (const { name, run } of FAPIAO_PROOFS) expect((await withTx(SYSTEM, run)).violations, name).toBe(0);
};

test('a credit note lowers what may be asked for, in total and on its own line', async () => {
  await credit(first.line, yuan(first.grossFen));
  const account = await getFapiaoAccount(own);
  expect(account).toMatchObject({
    refundedFen: first.grossFen,
    availableFen: invoice.grossFen - first.grossFen,
    excessFen: 0n,
  });
  expect((await listOpenInvoices(own)).find(({ id }) => id === invoice.id)?.leftFen).toBe(account.availableFen);
  expect(await ask(yuan(account.availableFen + 1n))).toMatchObject({ refusal: { code: 'fapiaoOverInvoices' } });
  const asked = must(await ask('1.00'));
  const covered = await withTx(SYSTEM, (tx) =>
    tx.fapiaoLine.findMany({ where: { fapiaoId: asked.id }, select: { invoiceLine: true } }),
  );
  expect(covered).toEqual([{ invoiceLine: second.line }]);
  await prove();
});

test('the database itself lets no line of a fapiao stand for what a note took back', async () => {
  const blocked = withTx(
    SYSTEM,
    (
      tx,
    ) => tx.$executeRaw`INSERT INTO fapiao_line (fapiao_id, line, organisation_id, invoice_id, invoice_line, item_name, tax_code, specification, tax_rate_bps, gross_fen, net_fen, tax_fen)
      SELECT fapiao_id, 9, organisation_id, invoice_id, ${first.line}, item_name, tax_code, specification, tax_rate_bps, 1, 1, 0 FROM fapiao_line LIMIT 1`,
  );
  const state = await blocked.then(
    () => 'done',
    (error: unknown) => databaseErrorOf(error)?.sqlState,
  );
  expect(state).toBe('23514');
});

test('what is on a fapiao already is shown as too much, until a red one takes it back', async () => {
  const { availableFen } = await getFapiaoAccount(own);
  const blue = must(await ask(''));
  await handOver(finance);
  must(await importResults(finance, resultsFile([issuedRow(blue, freshNumber(), finance)])));
  expect((await getFapiaoAccount(own)).availableFen).toBe(0n);
  await credit(second.line, '2.00');
  expect(await getFapiaoAccount(own)).toMatchObject({ availableFen: 0n, excessFen: 200n });
  expect(await ask('0.01')).toMatchObject({ refusal: { code: 'fapiaoNothingLeft' } });
  expect(availableFen).toBe(blue.grossFen);
  await prove();
});
