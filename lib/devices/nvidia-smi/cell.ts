import type { Instant } from '#lib/core/instant.ts';
import { quantityOf } from '../tool/csv.ts';
import { DriverCode, DriverError, type NumberReading } from '../types.ts';

/** A cell of a table: null for what the card does not support, undefined for what the tool was not asked. */
export type Cell = string | null | undefined;

/** Words that stand where a value should, with or without brackets. */
const WORDS: ReadonlyMap<string, DriverCode> = new Map([
  ['requested functionality has been deprecated', DriverCode.NOT_SUPPORTED],
  ['gpu is lost', DriverCode.DEVICE_LOST],
  ['gpu requires reset', DriverCode.RESET_REQUIRED],
  ['reset required', DriverCode.RESET_REQUIRED],
  ['insufficient permissions', DriverCode.NO_PERMISSION],
  ['unknown error', DriverCode.UNKNOWN],
  ['', DriverCode.UNKNOWN],
]);

/** Why a cell has no value; null when it has one. */
export function codeOfCell(cell: Cell): DriverCode | null {
  if (cell === null || cell === undefined) return DriverCode.NOT_SUPPORTED;
  return (
    WORDS.get(
      cell
        .trim()
        .toLowerCase()
        .replace(/^\[|\]$/g, ''),
    ) ?? null
  );
}

/** A cell as a reading in our unit, which is `factor` of the tool's. What is no number of that unit is `UNKNOWN`. */
export function readQuantity(cell: Cell, unit: string, factor: number, at: Instant): NumberReading {
  const code = codeOfCell(cell);
  if (code !== null) return { ok: false, code };
  try {
    return { ok: true, value: Math.round((quantityOf(cell, unit) ?? Number.NaN) * factor), at };
  } catch (error) {
    if (error instanceof DriverError) return { ok: false, code: error.code };
    throw error;
  }
}

/** A mask such as `0x0000000000000021`. */
export function readMask(cell: Cell, at: Instant): NumberReading {
  const code = codeOfCell(cell);
  if (code !== null) return { ok: false, code };
  const isMask = /^0x[0-9a-f]{1,16}$/i.test(cell ?? '');
  return isMask ? { ok: true, value: Number(cell), at } : { ok: false, code: DriverCode.UNKNOWN };
}

/** `Yes`, `No`, or the number that some versions print for them, as 1 or 0. */
export function readFlag(cell: Cell, at: Instant): NumberReading {
  const code = codeOfCell(cell);
  if (code !== null) return { ok: false, code };
  if (/^(yes|1)$/i.test(cell ?? '')) return { ok: true, value: 1, at };
  return /^(no|0)$/i.test(cell ?? '') ? { ok: true, value: 0, at } : { ok: false, code: DriverCode.UNKNOWN };
}
