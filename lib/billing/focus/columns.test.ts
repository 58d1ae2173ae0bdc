import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { readDecimal } from '#lib/core/decimal.ts';
import { instant } from '#lib/core/instant.ts';
import { priceE10, units } from '#lib/core/money.ts';
import { FOCUS_SKIPPED, focusTable, isFocusDataAbsent } from '../testing-focus-rules.ts';
import { BILLING_PERIOD_COLUMNS, COST_COLUMNS, INVOICE_DETAIL_COLUMNS } from './columns.ts';
import { costRows } from './cost-rows.ts';
import { focusHead, focusLines } from './focus-csv.ts';
import { billingPeriodRow, invoiceDetailRows } from './invoice-detail.ts';
import type { Cells } from './testing-evaluator.ts';
import { busyMonth } from './testing-month.ts';

const read = (text: string): Cells[] => parse(text, { columns: true });

const { focus, charges, credits, broken } = busyMonth(12);
const account = present(focus.accounts.get('org_1'), 'an account');
const issued = present(account.issued, 'an invoice');
const facts = new Map(
  issued.lines.map((line) => [line.line, { netUnits: units(line.grossUnits), priceE10PerCardHour: priceE10(1n) }]),
);
const CLOSED_AT = instant(Date.UTC(2026, 11, 2, 4));

/** What this market does not have: split costs, sub accounts of several types, tags, other currencies, programs, purchase orders. */
const LACKING =
  /^(Allocated|SubAccountType|Tags$|PricingCurrency|BillingAccountType|CommitmentProgram|ContractApplied|PaymentCurrencyBilled|PaymentCurrencyInvoice|PurchaseOrder)/;

const DATASETS = [
  {
    name: 'Cost and Usage',
    file: 'focus_1.4_cost_and_usage_columns.csv',
    columns: COST_COLUMNS['1.4'] as readonly string[],
    text: focusLines(COST_COLUMNS['1.4'], costRows(focus, charges, credits, broken)),
  },
  {
    name: 'Invoice Detail',
    file: 'focus_1.4_invoice_detail_columns.csv',
    columns: INVOICE_DETAIL_COLUMNS as readonly string[],
    text: focusLines(INVOICE_DETAIL_COLUMNS, invoiceDetailRows(focus, { ...account, issued }, facts)),
  },
  {
    name: 'Billing Period',
    file: 'focus_1.4_billing_period_columns.csv',
    columns: BILLING_PERIOD_COLUMNS as readonly string[],
    text: focusLines(BILLING_PERIOD_COLUMNS, [
      billingPeriodRow(focus, true, CLOSED_AT),
      billingPeriodRow(focus, false, CLOSED_AT),
    ]),
  },
];

const FORMS: Readonly<Record<string, (cell: string) => boolean>> = {
  Decimal: (cell) => readDecimal(cell) !== null,
  'Date/Time': (cell) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(cell),
  JSON: (cell) => typeof JSON.parse(cell) === 'object',
  String: (cell) => cell.trim() !== '',
};

/** Everything that the tables of 1.4 say of a cell: which may be empty, of which type, with which values. */
function faults(dataset: readonly Cells[], rows: readonly Cells[]): string[] {
  return dataset.flatMap((column) => {
    const id = column['ColumnId'] ?? '';
    const cells = rows.flatMap((row) => row[id] ?? []);
    const allowed = (column['AllowedValues'] || column['AllowedValues_from_1_2'] || '').split(' | ').filter(Boolean);
    const values = new Set(allowed.map((value) => value.split('::').at(-1)));
    const hasForm = FORMS[column['DataType'] ?? ''] ?? (() => true);
    return [
      ...(column['AllowsNulls'] !== 'True' && cells.includes('') ? [`${id} is null`] : []),
      ...(cells.some((cell) => cell !== '' && !hasForm(cell)) ? [`${id} is no ${column['DataType']}`] : []),
      ...(values.size > 0 && cells.some((cell) => cell !== '' && !values.has(cell)) ? [`${id} is not allowed`] : []),
    ];
  });
}

describe.skipIf(isFocusDataAbsent).each(DATASETS)(
  `${FOCUS_SKIPPED}$name by the tables of FOCUS 1.4`,
  ({ file, columns, text }) => {
    const dataset = isFocusDataAbsent ? [] : focusTable(file);
    const known = dataset.map((column) => column['ColumnId'] ?? '');
    const rows = read(focusHead(columns) + text);

    test('has the columns that this market has, in the order of the table, and then its own', () => {
      const own = columns.filter((column) => column.startsWith('x_'));
      expect(columns).toEqual([...known.filter((column) => !LACKING.test(column)), ...own]);
      expect(own.filter((column) => !/^x_[A-Z][A-Za-z]+$/.test(column))).toEqual([]);
    });

    test('has cells of the right type and of the values there are, and none empty that may not be', () => {
      expect(rows.length).toBeGreaterThan(0);
      expect(faults(dataset, rows)).toEqual([]);
    });

    test('a wrong cell is found', () => {
      const column = columns[0] ?? '';
      const strict = dataset.filter((each) => each['AllowsNulls'] === 'False');
      const emptied = rows.map((row) => ({
        ...row,
        ...Object.fromEntries(strict.map((each) => [each['ColumnId'], ''])),
      }));
      expect(faults(dataset, emptied).filter((fault) => / is null$/.test(fault)).length).toBeGreaterThanOrEqual(
        strict.length > 0 ? 1 : 0,
      );
      const statuses = rows.map((row) => ({
        ...row,
        BillingPeriodStatus: 'Shut',
        InvoiceIssueStatus: 'Sent',
        ChargeCategory: 'Fee',
      }));
      expect(faults(dataset, statuses)).toContainEqual(expect.stringMatching(/is not allowed$/));
      expect(column).not.toBe('');
    });
  },
);
