import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { type Cells, evaluate, type Verdict } from './focus/testing-evaluator.ts';
import { type Model, type Overrides, readRules } from './focus/testing-model.ts';

const DATA = path.resolve('../shared/data/billing');
/** The published model and tables are not part of the sources: tests that need them say so and are skipped. */
export const isFocusDataAbsent = !existsSync(path.join(DATA, 'focus_model-1.2.json'));
export const FOCUS_SKIPPED = isFocusDataAbsent ? 'SKIPPED: no ../shared/data/billing with the model of FOCUS: ' : '';

const focusText = (file: string): string => readFileSync(path.join(DATA, file), 'utf8');
export const focusTable = (file: string): Cells[] => parse(focusText(file), { columns: true });

/** What the market does, in the model's words. Not: accounts of several types, tags, other currencies. */
const SUPPORTS = new Set([
  'ACCOUNT_NAMING_SUPPORTED',
  'AVAILABILITY_ZONE_SUPPORTED',
  'BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED',
  'CAPACITY_RESERVATION_SUPPORTED',
  'COMMITMENT_DISCOUNT_SUPPORTED',
  'MULTIPLE_PRICING_CATEGORIES_SUPPORTED',
  'NEGOTIATED_PRICING_SUPPORTED',
  'PUBLIC_PRICE_LIST_SUPPORTED',
  'REGION_SUPPORTED',
  'RESOURCE_TYPE_ASSIGNMENT_SUPPORTED',
  'SUB_ACCOUNT_SUPPORTED',
  'UNIT_PRICING_SUPPORTED',
  'USAGE_MEASUREMENT_SUPPORTED',
]);

/** The rules of FOCUS 1.2, and what they say of a file. */
export function focusRules() {
  const rules = readRules(
    JSON.parse(focusText('focus_model-1.2.json')) as Model,
    JSON.parse(focusText('focus_1.2_model_overrides.json')) as Overrides,
  );
  const currencies = new Set(focusTable('focus_currency_codes.csv').map((row) => row['currency_codes'] ?? ''));
  const verdictsOn = (columns: readonly string[], rows: readonly Cells[]): Verdict[] =>
    rules.map((rule) => evaluate(rule, { supports: SUPPORTS, columns, rows, currencies }));
  return { rules, verdictsOn };
}
