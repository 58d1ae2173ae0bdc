import { parse } from 'csv-parse/sync';
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
import { fenToUnits, priceE10 } from '#lib/core/money.ts';
import { busyMonth } from '../focus/testing-month.ts';
import { FOCUS_SKIPPED, focusTable, isFocusDataAbsent } from '../testing-focus-rules.ts';
import { DETAIL_COLUMNS, detailClosing, detailHead, detailLines } from './detail-csv.ts';
import { NONE_OWED, Outstanding } from './outstanding.ts';

const { focus, charges, credits } = busyMonth();
const nobody = () => new Outstanding(new Map());
const text =
  detailHead() +
  detailLines(focus, charges, nobody(), NONE_OWED) +
  detailClosing(focus, '2026-11-30', { returned: credits, broken: [], notes: [] }, nobody());
const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
const read = (cell: string | undefined): Decimal => present(readDecimal(cell ?? ''), `a decimal: ${cell}`);
const add = (cells: readonly (string | undefined)[]): Decimal =>
  cells.reduce((sum: Decimal, cell) => plus(sum, read(cell)), ZERO_DECIMAL);

describe('the split-item detail', () => {
  test.skipIf(isFocusDataAbsent)(`${FOCUS_SKIPPED}has the columns of the bill that it follows, in their order`, () => {
    const names = focusTable('alibaba_split_item_bill_columns.csv').map((row) => row['Column']);
    expect([...DETAIL_COLUMNS]).toEqual(names);
  });

  test('runs down the chain of that bill in every row', () => {
    for (const row of rows) {
      const discounts = add([row['InvoiceDiscount'], row['DeductedByCoupons']]);
      const payable = add([
        row['DeductedByCashCoupons'],
        row['DeductedByPrepaidCard'],
        row['PaymentAmount'],
        row['OutstandingAmount'],
      ]);
      expect(compareDecimals(plus(read(row['PretaxAmount']), discounts), read(row['PretaxGrossAmount']))).toBe(0);
      expect(compareDecimals(read(row['PretaxAmount']), payable)).toBe(0);
    }
  });

  test('of each customer sums to its invoice, without the refunds that stand on none', () => {
    for (const { id, issued } of focus.accounts.values()) {
      const own = rows.filter((row) => row['OwnerID'] === id && row['Item'] !== 'Refund');
      const asked = fenToUnits(present(issued, 'an invoice').invoice.grossFen);
      expect(decimalText(add(own.map((row) => row['PretaxAmount'])))).toBe(decimalText(decimal(asked, 8)));
    }
    expect(rows.filter((row) => row['Item'] === 'Refund').map((row) => row['PretaxAmount'])).toEqual(['-12.34500001']);
  });

  test('gives a discount wherever a price was agreed below the list, and none below nothing', () => {
    const agreed = charges.map((charge) => ({
      ...charge,
      list: { versionId: 'prv_list', priceE10PerCardHour: priceE10(charge.priceE10PerCardHour * 2n), termUnits: null },
    }));
    const listed: Record<string, string>[] = parse(detailHead() + detailLines(focus, agreed, nobody(), NONE_OWED), {
      bom: true,
      columns: true,
    });
    const used = listed.filter((row) => row['PretaxAmount'] !== '0');
    expect(used.length).toBeGreaterThan(100);
    for (const row of used) {
      const sign = compareDecimals(read(row['PretaxAmount']), ZERO_DECIMAL);
      expect(compareDecimals(read(row['InvoiceDiscount']), ZERO_DECIMAL), row['SplitItemID']).toBe(sign);
      const sum = plus(read(row['PretaxAmount']), read(row['InvoiceDiscount']));
      expect(compareDecimals(sum, read(row['PretaxGrossAmount']))).toBe(0);
    }
    // A list that is a hair above may come to less for an hour than the difference of two rounded amounts: no discount then.
    const near = charges.map((charge) => ({
      ...charge,
      list: { versionId: 'prv_list', priceE10PerCardHour: priceE10(charge.priceE10PerCardHour + 1n), termUnits: null },
    }));
    const rowsNear: Record<string, string>[] = parse(detailHead() + detailLines(focus, near, nobody(), NONE_OWED), {
      bom: true,
      columns: true,
    });
    const taken = rowsNear.filter((row) => (row['InvoiceDiscount'] ?? '').startsWith('-'));
    expect(taken.every((row) => (row['PretaxAmount'] ?? '').startsWith('-'))).toBe(true);
  });

  test('gives a discount to terms alone, and runs no name as a formula', () => {
    const discounted = rows.filter((row) => row['InvoiceDiscount'] !== '0');
    expect(new Set(discounted.map((row) => row['SubscriptionType']))).toEqual(new Set(['Subscription']));
    expect(rows.every((row) => !/^[=+\-@]/.test(row['NickName'] ?? ''))).toBe(true);
    expect(new Set(rows.map((row) => row['SplitItemID'])).size).toBe(rows.length);
  });
});
