import { describe, expect, test } from 'vitest';
import { decideAgreement, proposeAgreement } from '#lib/catalog/agreements.ts';
import { present } from '#lib/core/assert.ts';
import type { Ctx } from '#lib/core/context.ts';
import { compareDecimals, decimal, decimalText, readDecimal } from '#lib/core/decimal.ts';
import type { Id } from '#lib/core/id.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { monthCutoffAt, parseMonth } from '#lib/core/period.ts';
import { book, customerOf, openTestMarket, runTo } from '#lib/engine/testing-market.ts';
import { verifyDatabase } from '#lib/engine/verify.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { seedVoucher } from '#lib/vouchers/testing.ts';
import { closePeriod } from './close.ts';
import type { ExportKind } from './export-kinds.ts';
import { explainCharge } from './explain/charges.ts';
import { allHold } from './explain/equation.ts';
import { explainInvoiceLine } from './explain/lines.ts';
import { COST_COLUMNS } from './focus/columns.ts';
import { findInvoice, listInvoices } from './invoices.ts';
import { csvRows, readFile, sumOf } from './testing-exports.ts';
import { FOCUS_SKIPPED, focusRules, isFocusDataAbsent } from './testing-focus-rules.ts';

await createTestDatabase();
const market = await openTestMarket(64, 50_000n);
const MONTH = present(parseMonth('2026-11'), 'month');

async function finance(name: string): Promise<Ctx> {
  const now = await withTx(SYSTEM, readNow);
  const actor = { kind: 'staff', userId: `usr_${name}` as Id<'user'>, roles: ['finance'] } as const;
  return { actor, scope: { kind: 'staff' }, requestId: 'req_f', now };
}

/** Hours and a term of two days at five sixths of the list, odd seconds, a voucher; then November is closed. */
async function closedMonth() {
  const proposed = await proposeAgreement(await finance('one'), {
    organisationSlug: 'test-1',
    skuId: null,
    pricing: { kind: 'factor', factorBps: 8_333 },
    validFrom: null,
    validTo: null,
    contractNumber: 'KS-1',
    reason: 'A customer for years',
  });
  const agreementId = proposed.ok ? proposed.value.id : '';
  expect(await decideAgreement(await finance('two'), { agreementId, isApproved: true })).toMatchObject({ ok: true });
  market.engine.wake('catalog');
  await seedVoucher('test-1', 20);
  await book(market, { cards: 3, durationSeconds: 5_003 });
  await book(market, { skuId: 'sku_sg-zw810e-card', cards: 2, term: 'day' });
  await runTo(market, monthCutoffAt(MONTH));
  expect(await closePeriod(await finance('one'), MONTH)).toMatchObject({ ok: true, value: { invoices: 1 } });
}

await closedMonth();
const own = await customerOf(market.organisationId);
const { id, number, grossFen, grossUnits } = present(
  (await listInvoices(own, {}, { skip: 0, take: 9 })).rows[0],
  'the invoice',
);
const of = async (kind: ExportKind) => csvRows((await readFile(own, { kind, month: MONTH })).bytes);
const cost = (row: Record<string, string>, column: string) =>
  present(readDecimal(row[column] ?? '') ?? undefined, `${column} of ${row['x_ChargeId']}`);

describe('a month at an agreed price', () => {
  test('is one sum in the ledger, on the invoice and in every file, and the proofs hold', async () => {
    const payable = decimalText(decimal(fenToUnits(grossFen), 8));
    expect(sumOf(await of('usage-csv'), 'amount_yuan')).toBe(decimalText(decimal(grossUnits, 8)));
    expect(sumOf(await of('detail'), 'PretaxAmount')).toBe(payable);
    const focus = (await of('focus-1.4')).filter((row) => row['InvoiceId'] === number);
    expect(sumOf(focus, 'BilledCost')).toBe(payable);
    // 3 cards for 5,003 s and 2 cards for a day at nine tenths, all at 12 × 0.8333 yuan: floored once for each card.
    const hourly = ((99_996_000_000n * 5_003n) / 360_000n) * 3n;
    const term = ((99_996_000_000n * 86_400n * 9n) / 10n / 360_000n) * 2n;
    expect(grossUnits).toBe(hourly + term);
    expect((await verifyDatabase(await finance('one'))).filter(({ violations }) => violations > 0)).toEqual([]);
  });

  test('shows the list on the invoice, in the split bill and in FOCUS, above what is asked', async () => {
    const { snapshot } = present(await findInvoice(own, id), 'the invoice');
    expect(snapshot.lines.map((line) => line.listPriceE10PerCardHour)).toEqual(['120000000000', '120000000000']);
    for (const line of snapshot.lines) {
      const byList = (BigInt(line.grossUnits) * 12_000n) / 9_999n;
      expect(BigInt(line.listUnits ?? 0) * 1_000n).toBeGreaterThan(byList * 999n);
      expect(BigInt(line.listUnits ?? 0)).toBeGreaterThan(BigInt(line.grossUnits));
    }
    const bill = (await of('detail')).filter((row) => row['Usage'] !== '');
    expect(new Set(bill.map((row) => row['ListPrice']))).toEqual(new Set(['12']));
    expect(bill.every((row) => compareDecimals(cost(row, 'InvoiceDiscount'), decimal(0n, 0)) > 0)).toBe(true);
    const priced = (await of('focus-1.4')).filter((row) => row['ListUnitPrice'] !== '');
    expect(new Set(priced.map((row) => (row['SkuPriceId'] ?? '').split('/')[0]))).toEqual(
      new Set(['prv_sg-zw810e-hour-1', 'prv_sg-zw810e-card-1']),
    );
    for (const row of priced) {
      expect(compareDecimals(cost(row, 'ListCost'), cost(row, 'ContractedCost'))).toBe(1);
      expect(compareDecimals(cost(row, 'ListUnitPrice'), cost(row, 'ContractedUnitPrice'))).toBe(1);
    }
  });

  test.skipIf(isFocusDataAbsent)(`${FOCUS_SKIPPED}keeps the rules of FOCUS 1.2`, async () => {
    const rows = await of('focus-1.2');
    expect(
      focusRules()
        .verdictsOn(COST_COLUMNS['1.2'], rows)
        .filter(({ result }) => result === 'failed'),
    ).toEqual([]);
  });

  test('is explained from the list price on, for each charge and each line', async () => {
    const charges = await withTx(SYSTEM, (tx) =>
      tx.usageCharge.findMany({ select: { allocationId: true, hourAt: true, revision: true, purchase: true } }),
    );
    const first = charges.filter(({ purchase }, i) => charges.findIndex((each) => each.purchase === purchase) === i);
    expect(first).toHaveLength(2);
    for (const { allocationId, hourAt, revision } of first) {
      const found = await explainCharge(own, { allocationId, hour: hourAt.toISOString(), revision });
      const { equations } = present(found, 'the charge');
      expect(equations.some(({ rule, holds }) => rule === 'agreedShare' && holds)).toBe(true);
      expect(allHold(equations)).toBe(true);
    }
    for (const line of [1, 2]) {
      const explained = present(await explainInvoiceLine(own, { invoiceId: id, line }), 'the line');
      expect([explained.broken, allHold(explained.equations), explained.isIntact]).toEqual([0, true, true]);
    }
  });
});
