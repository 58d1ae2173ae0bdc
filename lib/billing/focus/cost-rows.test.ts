import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import {
  compareDecimals,
  type Decimal,
  decimal,
  decimalText,
  plus,
  readDecimal,
  ZERO_DECIMAL,
} from '#lib/core/decimal.ts';
import { fenToUnits } from '#lib/core/money.ts';
import { chargeNet, chargeRows } from './charge-rows.ts';
import type { CostColumn, CostRow } from './columns.ts';
import { closingRows, costRows, takeCharges } from './cost-rows.ts';
import { type InvoiceFacts, invoiceDetailRows } from './invoice-detail.ts';
import type { FocusAccount, FocusMonth } from './month.ts';
import { FocusTally } from './tally.ts';
import { busyMonth, SKUS } from './testing-month.ts';

const read = (text: string | undefined): Decimal => present(readDecimal(text ?? '') ?? undefined, `a decimal: ${text}`);
const sum = (rows: readonly CostRow[], column: CostColumn): string =>
  decimalText(
    rows.reduce((total, row) => (row[column] === undefined ? total : plus(total, read(row[column]))), ZERO_DECIMAL),
  );

const { focus, charges, credits } = busyMonth();
const rows = costRows(focus, charges, credits);
const by = (column: CostColumn): Map<string | undefined, CostRow[]> => Map.groupBy(rows, (row) => row[column]);
const accounts = [...focus.accounts.values()];

/** What a database would sum for the lines of an invoice. */
function factsOf(month: FocusMonth, account: FocusAccount): InvoiceFacts {
  return new Map(
    (account.issued?.lines ?? []).map((line) => {
      const own = charges.filter(({ organisationId, skuId }) => organisationId === account.id && skuId === line.skuId);
      const net = own.reduce(
        (total, charge) => total + chargeNet(charge, present(month.skus.get(charge.skuId), 'sku')),
        0n,
      );
      return [line.line, { netUnits: net as never, priceE10PerCardHour: 120_000_000_000n as never }];
    }),
  );
}

describe('cost and usage', () => {
  test.each(accounts)('of $id sums to what its invoice asks for, to the fen', ({ issued }) => {
    const { number, grossFen } = present(issued, 'an invoice').invoice;
    expect(grossFen).toBeGreaterThan(0n);
    expect(sum(by('InvoiceId').get(number) ?? [], 'BilledCost')).toBe(decimalText(decimal(fenToUnits(grossFen), 8)));
  });

  test('has the tax of each line and the residue of each invoice as the invoice has them', () => {
    for (const { issued } of accounts) {
      const { invoice, lines } = present(issued, 'an invoice');
      const own = by('InvoiceId').get(invoice.number) ?? [];
      const tax = lines.reduce((total, { taxFen }) => total + fenToUnits(taxFen), 0n);
      expect(
        sum(
          own.filter((row) => row.ChargeCategory === 'Tax'),
          'BilledCost',
        ),
      ).toBe(decimalText(decimal(tax, 8)));
      const residue = own.find((row) => row.InvoiceDetailId === `${invoice.number}/residue`);
      expect(residue?.BilledCost ?? '0').toBe(decimalText(decimal(-invoice.residueUnits, 8)));
    }
  });

  test('sums to what the ledger accrued, tax included, to the last unit', () => {
    const accrued = charges.reduce((total, { amountUnits }) => total + amountUnits, 0n);
    expect(sum(rows, 'x_AccruedCost')).toBe(decimalText(decimal(accrued, 8)));
  });

  test('bills of every term what its used and unused hours cost', () => {
    const terms = [...by('CommitmentDiscountId')].filter(([id]) => id !== undefined);
    expect(terms.length).toBeGreaterThan(10);
    for (const [id, own] of terms) {
      const billed = sum(
        own.filter((row) => row.ChargeCategory === 'Purchase'),
        'BilledCost',
      );
      expect(
        sum(
          own.filter((row) => row.ChargeCategory === 'Usage'),
          'EffectiveCost',
        ),
        id,
      ).toBe(billed);
    }
  });

  test('has list prices without tax from which tax leads back to the published price', () => {
    const hour = present(
      rows.find((row) => row.SkuPriceId === 'prv_hour'),
      'an hour',
    );
    expect(hour).toMatchObject({ ListUnitPrice: '11.320754717', x_ListUnitPriceWithTax: '12', x_TaxRate: '0.06' });
    const night = present(
      rows.find((row) => row.SkuPriceId === 'prv_hour/7000'),
      'a night hour',
    );
    expect(night).toMatchObject({ ListUnitPrice: '7.9245283019', x_ListUnitPriceWithTax: '8.4' });
  });

  test('credits what was given back on no invoice', () => {
    const credits = (by('ChargeCategory').get('Credit') ?? []).filter((row) => row.InvoiceId === undefined);
    expect(credits).toMatchObject([
      {
        BilledCost: '-12.34500001',
        EffectiveCost: '-12.34500001',
        CommitmentDiscountId: 'rsv_3',
        x_ChargeId: 'hours-returned:rsv_3:0',
      },
    ]);
  });

  test('credits what vouchers paid on the invoice that bills the use, without tax', () => {
    const paid = rows.filter((row) => row.InvoiceDetailId?.endsWith('/voucher'));
    expect(paid.map((row) => [row.x_ChargeId, row.ChargeCategory, row.InvoiceId])).toEqual([
      ['prm_0/rsv_0/2026-11', 'Credit', 'KS-2026-000001'],
      ['prm_1/rsv_4/2026-11', 'Credit', 'KS-2026-000001'],
    ]);
    const net = focus.deductions.reduce((total, { amountUnits }) => total + (amountUnits * 10_000n) / 10_600n, 0n);
    const billed = (sum(paid, 'BilledCost') as string).replace('-', '');
    expect(Math.abs(Number.parseInt(billed.replace('.', ''), 10) - Number.parseInt(`${net}`, 10))).toBeLessThanOrEqual(
      2,
    );
  });

  test('marks what corrects a month that was invoiced, and nothing else', () => {
    const corrections = by('ChargeClass').get('Correction') ?? [];
    expect(corrections.map((row) => [row.x_ReservationId, row.ConsumedQuantity, row.ChargePeriodStart])).toEqual([
      ['rsv_990', '-1000', '2026-10-23T08:00:00Z'],
    ]);
    expect(compareDecimals(read(corrections[0]?.BilledCost), ZERO_DECIMAL)).toBeLessThan(0);
  });

  test('has ids that are given once, and that do not depend on how many pages the charges came in', () => {
    expect(new Set(rows.map((row) => row.x_ChargeId)).size).toBe(rows.length);
    const tally = new FocusTally();
    const paged: CostRow[] = [];
    for (let i = 0; i < charges.length; i += 7) paged.push(...takeCharges(focus, tally, charges.slice(i, i + 7)));
    expect([...paged, ...closingRows(focus, tally, credits)]).toEqual(rows);
  });

  test('before the invoice has no invoice id, no tax and no residue', () => {
    const open = busyMonth(60, false);
    const before = costRows(open.focus, open.charges, open.credits);
    expect(before.filter((row) => row.InvoiceId !== undefined)).toEqual([]);
    expect(new Set(before.map((row) => row.ChargeCategory))).toEqual(new Set(['Usage', 'Purchase', 'Credit']));
  });

  test('splits an hour of a term that was left into used and unused, and drops seconds without proof', () => {
    const term = present(
      charges.find(({ unusedSeconds, downSeconds }) => unusedSeconds > 0 && downSeconds > 0),
      'an hour',
    );
    const split = chargeRows(focus, term);
    expect(split.map((row) => [row.CommitmentDiscountStatus, row.x_CardSeconds])).toEqual([
      ['Used', `${term.usedSeconds}`],
      ['Unused', `${term.unusedSeconds}`],
    ]);
    expect(sum(split, 'EffectiveCost')).toBe(
      decimalText(decimal(chargeNet(term, present(SKUS.get(term.skuId), 'sku')), 8)),
    );
    expect(chargeRows(focus, { ...term, usedSeconds: 0, unusedSeconds: 0, downSeconds: 3_600 })).toEqual([]);
  });
});

describe('invoice detail', () => {
  test.each(accounts)('of $id sums to the invoice, and every line to its cost rows', (account) => {
    const issued = present(account.issued, 'an invoice');
    const details = invoiceDetailRows(focus, { ...account, issued }, factsOf(focus, account));
    const total = details.reduce((all, { BilledCost }) => plus(all, read(BilledCost)), ZERO_DECIMAL);
    expect(decimalText(total)).toBe(decimalText(decimal(fenToUnits(issued.invoice.grossFen), 8)));
    for (const { InvoiceDetailId, BilledCost } of details)
      expect(sum(by('InvoiceDetailId').get(InvoiceDetailId) ?? [], 'BilledCost'), InvoiceDetailId).toBe(BilledCost);
    expect(new Set(details.map(({ InvoiceDetailId }) => InvoiceDetailId)).size).toBe(details.length);
  });
});
