import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { compareDecimals, type Decimal, readDecimal, times } from '#lib/core/decimal.ts';
import { priceE10, units } from '#lib/core/money.ts';
import type { UsageRecord } from '../types.ts';
import { FOCUS_SKIPPED, focusRules, isFocusDataAbsent } from '../testing-focus-rules.ts';
import { COST_COLUMNS, type CostRow } from './columns.ts';
import { costRows } from './cost-rows.ts';
import { focusHead, focusLines } from './focus-csv.ts';
import type { Cells } from './testing-evaluator.ts';
import { busyMonth } from './testing-month.ts';

const read = (text: string | undefined): Decimal => present(readDecimal(text ?? '') ?? undefined, `a decimal: ${text}`);

/** What is charged is 85 of 100 of the list: the same charges, with a list above them. */
function agreed(charge: UsageRecord): UsageRecord {
  const more = (amount: bigint): bigint => (amount * 100n) / 85n;
  return {
    ...charge,
    list: {
      versionId: `${charge.priceVersionId}-list`,
      priceE10PerCardHour: priceE10(more(charge.priceE10PerCardHour)),
      termUnits: charge.term && units(more(charge.term.priceUnits)),
    },
  };
}

const { focus, charges, credits } = busyMonth();
const rows = costRows(focus, charges.map(agreed), credits);
const plain = costRows(focus, charges, credits);
const priced = rows.filter(({ ListUnitPrice }) => ListUnitPrice !== undefined);

describe('rows of an agreed price', () => {
  test('bill and contract what they did without a list above it', () => {
    const kept = ({ BilledCost, EffectiveCost, ContractedCost, ContractedUnitPrice, x_ChargeId }: CostRow) => ({
      BilledCost,
      EffectiveCost,
      ContractedCost,
      ContractedUnitPrice,
      x_ChargeId,
    });
    expect(rows.map(kept)).toEqual(plain.map(kept));
  });

  test('name the price and the id of the list, above what was contracted; both costs are their price × quantity', () => {
    expect(priced.length).toBeGreaterThan(100);
    for (const row of priced) {
      expect(row.SkuPriceId).toMatch(/-list(\/.*)?$/);
      expect(compareDecimals(read(row.ListUnitPrice), read(row.ContractedUnitPrice))).toBe(1);
      const quantity = read(row.PricingQuantity);
      const isProduct = (price: string | undefined, cost: string | undefined) =>
        compareDecimals(times(read(price), quantity), read(cost)) === 0;
      expect(isProduct(row.ListUnitPrice, row.ListCost)).toBe(true);
      expect(isProduct(row.ContractedUnitPrice, row.ContractedCost)).toBe(true);
    }
  });

  test('have tax by the list and by the contract', () => {
    const taxes = rows.filter((row) => row.ChargeCategory === 'Tax');
    expect(taxes.length).toBeGreaterThan(0);
    for (const row of taxes) expect(compareDecimals(read(row.ListCost), read(row.ContractedCost))).toBe(1);
  });

  test.skipIf(isFocusDataAbsent)(`${FOCUS_SKIPPED}keep every rule that applies`, () => {
    const columns = COST_COLUMNS['1.2'];
    const cells: Cells[] = parse(focusHead(columns) + focusLines(columns, rows), { columns: true });
    const verdicts = focusRules().verdictsOn(columns, cells);
    expect(verdicts.filter(({ result }) => result === 'failed')).toEqual([]);
  });
});
