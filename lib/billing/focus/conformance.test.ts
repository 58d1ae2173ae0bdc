import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { FOCUS_SKIPPED, focusRules, focusTable, isFocusDataAbsent } from '../testing-focus-rules.ts';
import { COST_COLUMNS } from './columns.ts';
import { costRows } from './cost-rows.ts';
import { focusHead, focusLines } from './focus-csv.ts';
import type { Cells, Verdict } from './testing-evaluator.ts';
import { busyMonth } from './testing-month.ts';

const read = (text: string): Cells[] => parse(text, { columns: true });

function exported(isIssued: boolean, bookings = 60) {
  const { focus, charges, credits, broken } = busyMonth(bookings, isIssued);
  const columns = COST_COLUMNS['1.2'];
  return { columns, rows: read(focusHead(columns) + focusLines(columns, costRows(focus, charges, credits, broken))) };
}

const failed = (verdicts: readonly Verdict[]): Verdict[] => verdicts.filter(({ result }) => result === 'failed');

describe.skipIf(isFocusDataAbsent)(`${FOCUS_SKIPPED}cost and usage by the rules of FOCUS 1.2`, () => {
  const { rules, verdictsOn } = isFocusDataAbsent ? { rules: [], verdictsOn: () => [] } : focusRules();

  test('the model has the rules that were counted, less those that no row can show', () => {
    // 255 static rules that are not composite; four of them are the arms of a choice, and say nothing by themselves.
    expect(rules).toHaveLength(251);
  });

  test.each([
    ['an invoiced month', true],
    ['a month before its invoices', false],
  ])('%s keeps every rule that applies to it', (_, isIssued) => {
    const { columns, rows } = exported(isIssued);
    const verdicts = verdictsOn(columns, rows);
    expect(failed(verdicts)).toEqual([]);
    const count = (result: Verdict['result']) => verdicts.filter((verdict) => verdict.result === result).length;
    expect({ passed: count('passed'), notApplicable: count('notApplicable') }).toEqual({
      passed: 222,
      notApplicable: 29,
    });
  });

  test('a busy month gives the rules something to look at', () => {
    const { columns, rows } = exported(true);
    const idle = verdictsOn(columns, rows).filter(({ result, rows: seen }) => result === 'passed' && seen === 0);
    expect(idle.map(({ id }) => id)).toEqual(['BilledCost-C-005-C']);
  });

  test('the published example rows keep them as well', () => {
    const rows = focusTable('focus_1.2_example_rows.csv');
    const columns = Object.keys(rows[0] ?? {});
    expect(failed(verdictsOn(columns, rows)).map(({ id }) => id)).toEqual([]);
  });

  const anyRow = () => true;
  const category = (name: string) => (row: Cells) => row['ChargeCategory'] === name;
  const isTerm = (row: Cells) => row['CommitmentDiscountStatus'] === 'Used';
  test.each<[kind: string, rule: string, which: (row: Cells) => boolean, change: Cells]>([
    ['null where a value must be', 'BilledCost-C-003-M', anyRow, { BilledCost: '' }],
    ['a value where null must be', 'SkuId-C-004-C', category('Tax'), { SkuId: 'sku_x' }],
    ['no decimal', 'ListCost-C-001-M', anyRow, { ListCost: 'free' }],
    ['a plus sign', 'EffectiveCost-C-002-M', anyRow, { EffectiveCost: '+1' }],
    ['separators', 'PricingQuantity-C-002-M', category('Usage'), { PricingQuantity: '1,000' }],
    ['no instant', 'ChargePeriodStart-C-002-M', anyRow, { ChargePeriodStart: '2026-11-01 00:00' }],
    ['a month 13', 'BillingPeriodEnd-C-002-M', anyRow, { BillingPeriodEnd: '2026-13-01T00:00:00Z' }],
    ['a text of spaces', 'ServiceName-C-002-M', anyRow, { ServiceName: '  ' }],
    ['a value outside of its set', 'ChargeCategory-C-003-M', category('Credit'), { ChargeCategory: 'Refund' }],
    ['a subcategory of another category', 'ServiceSubcategory-C-004-M', anyRow, { ServiceSubcategory: 'Bots' }],
    ['a purchase by use', 'ChargeFrequency-C-004-C', category('Purchase'), { ChargeFrequency: 'Usage-Based' }],
    ['a purchase that is effective', 'EffectiveCost-C-005-C', category('Purchase'), { EffectiveCost: '1' }],
    ['a price below nothing', 'ListUnitPrice-C-008-M', category('Usage'), { ListUnitPrice: '-1' }],
    ['a product that is off by the last digit', 'ListCost-C-009-C', category('Usage'), { ListCost: '0.00000001' }],
    ['another contracted product', 'ContractedUnitPrice-C-011-C', category('Purchase'), { ContractedCost: '7' }],
    ['a price of two SKUs', 'SkuPriceId-C-008-M', category('Purchase'), { SkuPriceId: 'prv_hour' }],
    ['details that are no object', 'SkuPriceDetails-C-001-M', category('Usage'), { SkuPriceDetails: '[1]' }],
    ['details within details', 'SkuPriceDetails-C-001-M', category('Usage'), { SkuPriceDetails: '{"x_A":{}}' }],
    ['a currency in small letters', 'BillingCurrency-C-003-M', anyRow, { BillingCurrency: 'cny' }],
    ['no currency of the world', 'BillingCurrency-C-006-M', anyRow, { BillingCurrency: 'QQQ' }],
    ['billed by somebody else', 'BilledCost-C-005-C', category('Tax'), { InvoiceIssuerName: '别人' }],
    ['no status of a reservation', 'CapacityReservationStatus-C-004-C', isTerm, { CapacityReservationStatus: '' }],
    ['no status of a commitment', 'CommitmentDiscountStatus-C-004-C', isTerm, { CommitmentDiscountStatus: '' }],
    ['a status of another kind', 'CommitmentDiscountStatus-C-005-M', isTerm, { CommitmentDiscountStatus: 'Active' }],
    ['consumption of what nobody used', 'ConsumedQuantity-C-004-C', category('Tax'), { ConsumedQuantity: '1' }],
    ['use without consumption', 'ConsumedQuantity-C-006-C', isTerm, { ConsumedQuantity: '' }],
  ])('finds %s by %s', (_, rule, which, change) => {
    const { columns, rows } = exported(true, 6);
    const at = rows.findIndex((row) => which(row) && row['ChargeClass'] === '');
    expect(at).toBeGreaterThanOrEqual(0);
    const mutant = rows.map((row, i) => (i === at ? { ...row, ...change } : row));
    expect(failed(verdictsOn(columns, mutant)).map(({ id }) => id)).toContain(rule);
  });

  test.each(COST_COLUMNS['1.2'].filter((column) => !column.startsWith('x_')))('misses the column %s', (column) => {
    const columns = COST_COLUMNS['1.2'].filter((each) => each !== column);
    const missed = failed(verdictsOn(columns, [])).length;
    // These three are recommended, not demanded.
    expect(missed).toBe(
      ['AvailabilityZone', 'ChargeFrequency', 'InvoiceId', 'ServiceSubcategory'].includes(column) ? 0 : 1,
    );
  });
});
