import { DriverCode, DriverError } from '../types.ts';

/** One row: the cell of each canonical key as printed, null for what the tool does not support. */
export type ToolRow = ReadonlyMap<string, string | null>;

const UNSUPPORTED = new Set(['N/A', '[N/A]', '[Not Supported]', 'Not Supported']);
const HEADER = /^([a-z0-9_.]+)(?: \[[^\]]+\])?$/i;

/**
 * Reads what `--query-…  --format=csv` prints: a header of canonical keys with their units, cells parted by a comma
 * and a space, nothing quoted. Only the last cell may hold the separator itself. Throws `UNKNOWN` for anything that is
 * not such a table or lacks an asked-for key: a truncated answer must never pass for a short one.
 */
export function parseToolCsv(text: string, keys: readonly string[]): ToolRow[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const header = toolCsvHeader(text);
  const isWhole = text.endsWith('\n') && header.length === keys.length && keys.every((key) => header.includes(key));
  if (!isWhole) throw new DriverError(DriverCode.UNKNOWN, 'csv');
  return lines.slice(1).map((line) => {
    const cells = splitCells(line, header.length);
    return new Map(header.map((key, i) => [key ?? '', supported(cells[i] ?? '')]));
  });
}

/** The canonical keys of a table's header, null for what is no key. An alias that was asked for is not among them. */
export function toolCsvHeader(text: string): (string | null)[] {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
  return first.split(', ').map((cell) => HEADER.exec(cell)?.[1] ?? null);
}

function splitCells(line: string, count: number): string[] {
  const cells = line.split(', ');
  if (cells.length < count) throw new DriverError(DriverCode.UNKNOWN, 'csv');
  return [...cells.slice(0, count - 1), cells.slice(count - 1).join(', ')];
}

function supported(cell: string): string | null {
  return UNSUPPORTED.has(cell) ? null : cell;
}

const QUANTITY = /^(-?\d+(?:\.\d+)?)(?: (\S+))?$/;

/**
 * A cell such as `83.03 W` as a number of its unit. Null for a cell that the tool does not support; throws `UNKNOWN`
 * for another unit or for what is no number.
 */
export function quantityOf(cell: string | null | undefined, unit: string): number | null {
  if (cell === null) return null;
  const match = QUANTITY.exec(cell ?? '');
  if (!match || (match[2] ?? unit) !== unit) throw new DriverError(DriverCode.UNKNOWN, 'csv');
  return Number(match[1]);
}
