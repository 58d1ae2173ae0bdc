import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fenToUnits, parseDecimal, units } from '#lib/core/money.ts';
import { monthCutoffAt, nextMonth, parseMonth } from '#lib/core/period.ts';
import { book, openTestMarket, runTo } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { need } from '#lib/identity/testing/people.ts';
import { goodwillGranted, slaCompensated } from '#lib/ledger/correction-templates.ts';
import { promoGranted } from '#lib/ledger/credit-templates.ts';
import { freshId, postAll } from '#lib/ledger/testing.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { closePeriod } from '../close.ts';
import { decideCreditNote, proposeCreditNote } from '../credit-notes/service.ts';
import { listInvoices } from '../invoices.ts';
import { sectionSum } from './control.ts';
import { getRevenueReport, getRevenueReportCsv, listReportMonths } from './service.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');
const organisationId = market.organisationId;
const SKU = 'sku_sg-zw810e-hour';
await book(market, { cards: 3, durationSeconds: 5_000 });
await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
await runTo(market, instant(market.startAt + 26 * 3_600_000));
const early: Ctx = { ...SYSTEM, now: market.startAt };
const compensation = () => ({
  id: freshId('compensation', market.startAt),
  organisationId,
  reservationId: idFrom('reservation', 'rsv_x'),
  at: market.startAt,
});
await postAll(
  early,
  slaCompensated(compensation(), SKU, units(700_000_000n), 'wallet'),
  goodwillGranted(compensation(), units(300_000_000n), 'wallet'),
  promoGranted(freshId('promoGrant', market.startAt), organisationId, units(5_000_000_000n), market.startAt),
);
await runTo(market, monthCutoffAt(MONTH));

async function staff(name: string, role: 'finance' | 'ops' = 'finance'): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const userId = idFrom('user', name);
  return { actor: { kind: 'staff', userId, roles: [role] }, scope: { kind: 'staff' }, requestId: 'req_f', now };
}
const fang = await staff('usr_fang');
need(await closePeriod(fang, MONTH));
const invoice = present((await listInvoices(fang, {}, { skip: 0, take: 9 })).rows[0], 'an invoice');
const report = async (month: string) => present(await getRevenueReport(fang, month), 'a report');

describe('a month of revenue and tax', () => {
  test('is what its invoices say, by SKU, purchase and rate, and equals the ledger to the last unit', async () => {
    const { lines, controls, isClosed } = await report(MONTH);
    expect(isClosed).toBe(true);
    const revenue = lines.filter(({ section }) => section === 'revenue');
    expect(revenue.map(({ purchase, taxRateBps }) => [purchase, taxRateBps]).sort()).toEqual([
      ['by-card', 600],
      ['by-hour', 600],
    ]);
    expect(sectionSum(lines, 'revenue')).toBe(fenToUnits(invoice.netFen));
    expect(sectionSum(lines, 'vat')).toBe(fenToUnits(invoice.taxFen));
    expect(lines.filter(({ section }) => section === 'vat').every(({ taxRateBps }) => taxRateBps === 600)).toBe(true);
    expect(
      lines
        .filter(({ section }) => section === 'deductions')
        .map(({ kind, amountUnits, skuId }) => [kind, amountUnits, skuId]),
    ).toEqual([
      ['contraPromo', -5_000_000_000n, null],
      ['contraSla', -700_000_000n, SKU],
    ]);
    expect(sectionSum(lines, 'expenses')).toBe(-300_000_000n);
    expect(sectionSum(lines, 'residue')).toBe(0n);
    const residues = lines
      .filter(({ section }) => section === 'residue')
      .map(({ journalKind, amountUnits }) => [journalKind, amountUnits]);
    expect(residues).toEqual([
      ['residueDropped', invoice.residueUnits],
      ['residueReturned', -invoice.residueUnits],
    ]);
    expect(lines.find(({ kind }) => kind === 'promo')?.amountUnits).toBe(5_000_000_000n);
    expect(controls.length).toBeGreaterThan(5);
    for (const { kind, reportUnits, ledgerUnits } of controls) expect(reportUnits, kind).toBe(ledgerUnits);
  });

  test('of a later credit note is less revenue and less tax in the month in which it counts', async () => {
    const before = await getRevenueReportCsv(fang, MONTH);
    const input = { invoiceId: invoice.id, reason: 'orderChange', reasonText: '', scope: 'lines' } as const;
    const id = need(await proposeCreditNote(fang, { ...input, amounts: [{ line: 1, yuan: '1.06' }] }));
    need(await decideCreditNote(await staff('usr_ge'), { creditNoteId: id, isApproved: true }));
    const { lines, controls, isClosed } = await report(nextMonth(MONTH));
    expect(isClosed).toBe(false);
    expect(sectionSum(lines, 'deductions')).toBe(-100_000_000n);
    expect(
      lines
        .filter(({ section }) => section === 'vat')
        .map((line) => [line.journalKind, line.taxRateBps, line.amountUnits]),
    ).toEqual([['creditNoteIssued', 600, -6_000_000n]]);
    for (const { kind, reportUnits, ledgerUnits } of controls) expect(reportUnits, kind).toBe(ledgerUnits);
    expect(await getRevenueReportCsv(fang, MONTH)).toEqual(before);
  });

  test('as CSV has the same lines and sums', async () => {
    const file = present(await getRevenueReportCsv(fang, MONTH), 'a file');
    expect(file.fileName).toBe('kashi-revenue-and-tax-2026-11.csv');
    const rows: Record<string, string>[] = parse(file.text, { bom: true, columns: true });
    const sum = (section: string) =>
      rows
        .filter((row) => row['section'] === section)
        .reduce(
          (total, row) =>
            total +
            (parseDecimal((row['amount_yuan'] ?? '').replace('-', ''), 8) ?? 0n) *
              ((row['amount_yuan'] ?? '').startsWith('-') ? -1n : 1n),
          0n,
        );
    expect(sum('revenue')).toBe(fenToUnits(invoice.netFen));
    expect(sum('vat')).toBe(fenToUnits(invoice.taxFen));
  });

  test.each(['2019-01', '2031-01', 'soon', ''])('of %j is none', async (month) => {
    expect(await getRevenueReport(fang, month)).toBeNull();
    expect(await getRevenueReportCsv(fang, month)).toBeNull();
  });

  test('is no matter of ops', async () => {
    await expect(listReportMonths(await staff('usr_o', 'ops'))).rejects.toThrow(Forbidden);
    expect(await listReportMonths(fang)).toEqual([
      { month: '2026-12', isClosed: false },
      { month: '2026-11', isClosed: true },
    ]);
  });
});
