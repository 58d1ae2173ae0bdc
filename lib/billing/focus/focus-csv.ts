import { csvLines } from '../documents/csv-lines.ts';
import type { FocusRow } from './columns.ts';

/**
 * Rows of FOCUS as CSV lines. Null is an empty cell. Programs read these files: they have no mark for spreadsheets, and
 * names stand in them unchanged, as the specification demands.
 */
export function focusLines<Column extends string>(
  columns: readonly Column[],
  rows: readonly FocusRow<Column>[],
): string {
  return csvLines(rows.map((row) => columns.map((column) => row[column] ?? '')));
}

/** The first line: the columns' names. */
export const focusHead = (columns: readonly string[]): string => csvLines([columns]);
