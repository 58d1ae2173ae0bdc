import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { decimal, decimalText } from '#lib/core/decimal.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { book, customerOf, during, openTestMarket, runTo, seedCustomer } from '#lib/engine/testing-market.ts';
import { verifyDatabase } from '#lib/engine/verify.ts';
import { chart } from '#lib/ledger/chart.ts';
import { netOf } from '#lib/ledger/testing.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { release } from '#lib/reservations/service.ts';
import { financeCtx, seedVoucher, yuan } from '#lib/vouchers/testing.ts';
import { closePeriod } from './close.ts';
import { workbookSheets } from './documents/testing-unzip.ts';
import { listInvoices } from './invoices.ts';
import { csvRows, readFile, sumOf } from './testing-exports.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');

/** November of two customers: one whose vouchers paid a part of hours and a term, one whose voucher paid all. */
async function closedMonth() {
  const other = await seedCustomer(0n, market.startAt);
  await seedVoucher('test-1', 99.99, { purchases: ['by-hour'], name: '=首批算力券' });
  await seedVoucher('test-1', 100, { purchases: ['by-card'], issuerKind: 'operator', issuerName: '卡时' });
  await seedVoucher('test-2', 50);
  await book(market, { cards: 3, durationSeconds: 5_001 });
  const open = await book(market, { cards: 2, durationSeconds: null });
  await book(market, { skuId: 'sku_sg-zw810e-card', cards: 1, term: 'day' });
  await book(market, { cards: 1, durationSeconds: 4_321 }, other);
  await runTo(market, plusSeconds(market.startAt, 4 * 3_600 + 77));
  const reservationId = present(open.ok ? open.value.reservationId : null, 'the open end');
  await during(market, release(await market.customer(), { reservationId, idempotencyKey: 'release' }));
  await runTo(market, monthCutoffAt(MONTH));
  expect(await closePeriod(await financeCtx(), MONTH)).toMatchObject({ ok: true, value: { invoices: 2 } });
  return other;
}

const other = await closedMonth();
const own = await customerOf(market.organisationId);
const invoiceOf = async (ctx: typeof own) =>
  present((await listInvoices(ctx, {}, { skip: 0, take: 9 })).rows[0], 'an invoice');
const invoice = await invoiceOf(own);
const books = await financeCtx();
const text = (amount: bigint): string => decimalText(decimal(amount, 8));
const PAYABLE = text(fenToUnits(invoice.grossFen));

test('an invoice asks for use less what vouchers burnt, and its residue is of the cash', () => {
  expect(invoice.voucherUnits).toBe(yuan(199.99));
  expect(invoice.grossUnits - invoice.voucherUnits).toBe(fenToUnits(invoice.grossFen) + invoice.residueUnits);
  expect(invoice.residueUnits).toBeGreaterThan(0n);
  expect(invoice.netFen + invoice.taxFen).toBe(invoice.grossFen);
});

test('one that vouchers paid whole asks for nothing', async () => {
  const whole = await invoiceOf(await customerOf(other));
  expect(whole).toMatchObject({ grossFen: 0n, netFen: 0n, taxFen: 0n, residueUnits: 0n });
  expect(whole.voucherUnits).toBe(whole.grossUnits);
});

test('invoice, PDF, XLSX, detail and both FOCUS files agree on what is asked for', async () => {
  const detail = csvRows((await readFile(own, { kind: 'detail', month: MONTH })).bytes);
  expect(sumOf(detail, 'PretaxAmount')).toBe(PAYABLE);
  expect(sumOf(detail, 'DeductedByCoupons')).toBe(text(invoice.voucherUnits));
  for (const row of detail.filter(({ Item }) => Item === 'Voucher'))
    expect([row['PretaxGrossAmount'], row['ItemName']?.startsWith('算力券抵扣')]).toEqual(['0', true]);
  for (const kind of ['focus-1.2', 'focus-1.4'] as const) {
    const rows = csvRows((await readFile(own, { kind, month: MONTH })).bytes);
    const billed = rows.filter((row) => row['InvoiceId'] === invoice.number);
    expect(sumOf(billed, 'BilledCost'), kind).toBe(PAYABLE);
    expect(billed.filter((row) => row['ChargeCategory'] === 'Credit').length, kind).toBeGreaterThanOrEqual(2);
    expect(sumOf(rows, 'x_AccruedCost'), kind).toBe(text(invoice.grossUnits));
  }
  const details = csvRows((await readFile(own, { kind: 'focus-1.4-invoice-detail', month: MONTH })).bytes);
  expect(sumOf(details, 'BilledCost')).toBe(PAYABLE);
  const costs = Map.groupBy(
    csvRows((await readFile(own, { kind: 'focus-1.4', month: MONTH })).bytes),
    (row) => row['InvoiceDetailId'],
  );
  for (const { InvoiceDetailId, BilledCost } of details)
    expect(sumOf(costs.get(InvoiceDetailId) ?? [], 'BilledCost'), InvoiceDetailId).toBe(BilledCost);
  for (const kind of ['invoice-pdf', 'invoice-xlsx'] as const)
    expect((await readFile(own, { kind, month: MONTH })).seal.totals, kind).toEqual({ payableYuan: PAYABLE });
});

test('the control sheet of usage explains the difference between use and what is asked for', async () => {
  const sheets = workbookSheets((await readFile(own, { kind: 'usage-xlsx', month: MONTH })).bytes);
  const control = new Map(sheets.get('核对 Control')?.map((row) => [row['A']?.text, row['C']?.text]));
  expect(control.get('差额：文件 − 账单 Difference to the invoices')).toBe('0');
  expect(control.get('算力券抵扣 Vouchers')).toBe(`-${text(invoice.voucherUnits)}`);
  expect(control.get('账单价税合计 Invoices, payable')).toBe(PAYABLE);
});

test('the books keep what vouchers paid out of revenue and tax: what was given away is gone with what was used', async () => {
  const sold = await netOf(books, chart.revenueUsage('sku_sg-zw810e-hour', 600));
  const terms = await netOf(books, chart.revenueUsage('sku_sg-zw810e-card', 600));
  const vat = await netOf(books, chart.vatPayable());
  expect(sold + terms + vat).toBe(fenToUnits(invoice.grossFen));
  const accrued = await netOf(books, chart.revenueAccrued('sku_sg-zw810e-hour'));
  expect(accrued + (await netOf(books, chart.revenueAccrued('sku_sg-zw810e-card')))).toBe(0n);
  // All of it is burnt and invoiced, or expired by now.
  expect(await netOf(books, chart.contraPromo())).toBe(0n);
  const broken = (await verifyDatabase(await financeCtx())).filter(({ violations }) => violations > 0);
  expect(broken).toEqual([]);
});
