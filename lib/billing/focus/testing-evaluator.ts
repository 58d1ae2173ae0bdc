import { present } from '#lib/core/assert.ts';
import { compareDecimals, readDecimal, times } from '#lib/core/decimal.ts';
import type { Check, Rule } from './testing-model.ts';

/** A row of a file: a cell without text is null. */
export type Cells = Readonly<Record<string, string>>;

export type Verdict = {
  readonly id: string;
  readonly result: 'passed' | 'failed' | 'notApplicable';
  /** How many rows met the rule's conditions; a rule that met none has shown nothing. */
  readonly rows: number;
  readonly example?: string;
};

const cellOf = (row: Cells, column: string | undefined): string | null => row[present(column, 'a column')] || null;
const columnOf = ({ ColumnName, CheckCondition }: Check): string | undefined => ColumnName ?? CheckCondition;

const isDateTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) && !Number.isNaN(Date.parse(text));

/** Digits with one point, or with E and a whole exponent; no plus sign, no separators. */
const isNumeric = (text: string): boolean => /^-?\d+(\.\d+)?(E-?\d+)?$/.test(text);

/** A JSON object of plain values. */
function isKeyValue(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return (
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((each) => each === null || typeof each !== 'object')
    );
  } catch {
    return false;
  }
}

function isSame(cell: string | null, value: string | number | null | undefined): boolean {
  if (cell === null || value === null || value === undefined) return cell === (value ?? null);
  const [left, right] = [readDecimal(cell), readDecimal(`${value}`)];
  return typeof value === 'number' && left && right ? compareDecimals(left, right) === 0 : cell === `${value}`;
}

function isProduct(row: Cells, { ColumnAName, ColumnBName, ResultColumnName }: Check): boolean {
  const [a, b, product] = [ColumnAName, ColumnBName, ResultColumnName].map((column) => cellOf(row, column));
  if (!a || !b || !product) return true;
  const [x, y, z] = [readDecimal(a), readDecimal(b), readDecimal(product)];
  return x !== null && y !== null && z !== null && compareDecimals(times(x, y), z) === 0;
}

type Test = (row: Cells, check: Check, currencies: ReadonlySet<string>) => boolean;

/** A check of the form of one cell: nothing in it is no wrong form. */
const form =
  (holds: (text: string, currencies: ReadonlySet<string>) => boolean): Test =>
  (row, { ColumnName }, currencies) => {
    const cell = cellOf(row, ColumnName);
    return cell === null || holds(cell, currencies);
  };

/** The check functions that look at one row. */
const CHECKS: Readonly<Record<string, Test>> = {
  AND: (row, { Items = [] }, currencies) => Items.every((item) => holds(row, item, currencies)),
  OR: (row, { Items = [] }, currencies) => Items.some((item) => holds(row, item, currencies)),
  CheckValue: (row, check) => isSame(cellOf(row, columnOf(check)), check.Value),
  CheckNotValue: (row, check) => !isSame(cellOf(row, columnOf(check)), check.Value),
  CheckSameValue: (row, { ColumnAName, ColumnBName }) => cellOf(row, ColumnAName) === cellOf(row, ColumnBName),
  CheckNotSameValue: (row, { ColumnAName, ColumnBName }) => cellOf(row, ColumnAName) !== cellOf(row, ColumnBName),
  CheckGreaterOrEqualThanValue: (row, { ColumnName, Value }) => {
    const [cell, bound] = [readDecimal(cellOf(row, ColumnName) ?? '0'), readDecimal(`${Value}`)];
    return cell !== null && bound !== null && compareDecimals(cell, bound) >= 0;
  },
  ColumnByColumnEqualsColumnValue: isProduct,
  TypeString: form((text) => text === text.toWellFormed()),
  FormatString: form((text) => text === text.toWellFormed() && text.trim() !== ''),
  TypeDecimal: form(isNumeric),
  FormatNumeric: form(isNumeric),
  CheckDecimalValue: form(isNumeric),
  TypeDateTime: form(isDateTime),
  FormatDateTime: form(isDateTime),
  FormatKeyValue: form(isKeyValue),
  FormatCurrency: form((text) => /^[A-Z]{3}$/.test(text)),
  CheckNationalCurrency: form((text, currencies) => currencies.has(text)),
};

function holds(row: Cells, check: Check, currencies: ReadonlySet<string>): boolean {
  return present(CHECKS[check.CheckFunction], `the check ${check.CheckFunction}`)(row, check, currencies);
}

/** True when every value of one column stands with so many values of another. */
function hasDistinctCount(rows: readonly Cells[], check: Check): boolean {
  const found = new Map<string, Set<string>>();
  for (const row of rows) {
    const [a, b] = [cellOf(row, check.ColumnAName), cellOf(row, check.ColumnBName)];
    if (a !== null && b !== null) found.set(a, (found.get(a) ?? new Set()).add(b));
  }
  return [...found.values()].every(({ size }) => size === check.ExpectedCount);
}

/** What a file is held against: what its maker supports, its columns, its rows, and the currencies that there are. */
export type FocusFile = {
  readonly supports: ReadonlySet<string>;
  readonly columns: readonly string[];
  readonly rows: readonly Cells[];
  readonly currencies: ReadonlySet<string>;
};

/** Holds a file against one rule. A rule of a column that the file does not have and need not have does not apply. */
export function evaluate(rule: Rule, { supports, columns, rows, currencies }: FocusFile): Verdict {
  const { id, requirement, conditions, applicability } = rule;
  if (!applicability.every((each) => supports.has(each))) return { id, result: 'notApplicable', rows: 0 };
  if (requirement.CheckFunction === 'ColumnPresent')
    return { id, result: columns.includes(requirement.ColumnName ?? '') ? 'passed' : 'failed', rows: rows.length };
  if (!columns.includes(rule.column)) return { id, result: 'notApplicable', rows: 0 };
  const met = rows.filter((row) => conditions.every((condition) => holds(row, condition, currencies)));
  if (requirement.CheckFunction === 'CheckDistinctCount')
    return { id, result: hasDistinctCount(met, requirement) ? 'passed' : 'failed', rows: met.length };
  const wrong = met.find((row) => !holds(row, requirement, currencies));
  return wrong === undefined
    ? { id, result: 'passed', rows: met.length }
    : { id, result: 'failed', rows: met.length, example: JSON.stringify(wrong) };
}
