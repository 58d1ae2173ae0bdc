import type { Instant } from '#lib/core/instant.ts';
import { MIB } from '../card-profile.ts';
import { quantityOf } from '../tool/csv.ts';
import { codeOfText } from '../tool/error-text.ts';
import { type Attempt, DriverCode, DriverError, type NumberReading, type SampleField } from '../types.ts';

/** A column of `--query-ppu` by its names, the ones of newer builds first, and how its cells become our unit. */
export type Column = { readonly spellings: readonly string[]; readonly unit: string; readonly scale: number };

/** A cell: as printed, null when the tool says that it has none, undefined when this build has no such column. */
export type Cell = string | null | undefined;

const text = (...spellings: string[]): Column => ({ spellings, unit: '', scale: 1 });
const number = (unit: string, scale: number, ...spellings: string[]): Column => ({ spellings, unit, scale });

export const COLUMNS = {
  count: text('count'),
  index: text('index'),
  uuid: text('uuid', 'ppu_uuid', 'gpu_uuid'),
  pciBusId: text('pci.bus_id', 'ppu_bus_id', 'gpu_bus_id'),
  name: text('name', 'ppu_name', 'gpu_name'),
  serial: text('serial', 'ppu_serial', 'gpu_serial'),
  mig: text('mig.mode.current'),
  memoryTotal: number('MiB', MIB, 'memory.total'),
  memoryUsed: number('MiB', MIB, 'memory.used'),
  memoryFree: number('MiB', MIB, 'memory.free'),
  util: number('%', 1, 'utilization.ppu', 'utilization.gpu'),
  memoryUtil: number('%', 1, 'utilization.memory'),
  temp: number('C', 1, 'temperature.ppu', 'temperature.gpu'),
  memoryTemp: number('C', 1, 'temperature.memory'),
  power: number('W', 1_000, 'power.draw'),
  powerLimit: number('W', 1_000, 'power.limit'),
  powerLimitDefault: number('W', 1_000, 'power.default_limit'),
  cuClock: number('MHz', 1, 'clocks.current.cu', 'clocks.current.sm'),
  memoryClock: number('MHz', 1, 'clocks.current.memory'),
  throttle: text('clocks_throttle_reasons.active', 'clocks_event_reasons.active'),
  pcieGen: number('', 1, 'pcie.link.gen.current'),
  pcieWidth: number('', 1, 'pcie.link.width.current'),
  eccCorVol: number('', 1, 'ecc.errors.corrected.volatile.total'),
  eccUncVol: number('', 1, 'ecc.errors.uncorrected.volatile.total'),
  eccCorAgg: number('', 1, 'ecc.errors.corrected.aggregate.total'),
  eccUncAgg: number('', 1, 'ecc.errors.uncorrected.aggregate.total'),
  pagesSingle: text('retired_pages.single_bit_ecc.count'),
  pagesDouble: text('retired_pages.double_bit.count'),
} as const satisfies Record<string, Column>;
export type ColumnName = keyof typeof COLUMNS;

/** Which columns a field is read from. None: the tool has nothing for it, whatever the card could say. */
export const COLUMNS_OF_FIELD: Readonly<Record<SampleField, readonly ColumnName[]>> = {
  utilPct: ['util'],
  memUtilPct: ['memoryUtil'],
  memUsedBytes: ['memoryUsed'],
  memUsableBytes: ['memoryUsed', 'memoryFree'],
  powerMw: ['power'],
  powerLimitMw: ['powerLimit'],
  tempC: ['temp'],
  memTempC: ['memoryTemp'],
  cuClockMhz: ['cuClock'],
  memClockMhz: ['memoryClock'],
  throttleBits: ['throttle'],
  pcieGen: ['pcieGen'],
  pcieWidth: ['pcieWidth'],
  pcieReplay: [],
  eccCorVol: ['eccCorVol'],
  eccUncVol: ['eccUncVol'],
  eccCorAgg: ['eccCorAgg'],
  eccUncAgg: ['eccUncAgg'],
  pagesRetired: ['pagesSingle', 'pagesDouble'],
  remapPending: [],
  energyMj: [],
};

/** Fields whose columns may be missing one by one; what is there is summed. */
const PARTIAL_SUMS: ReadonlySet<SampleField> = new Set(['pagesRetired']);

const NOT_SUPPORTED = { ok: false, code: DriverCode.NOT_SUPPORTED } as const;

/** A field of a row as a reading. What cannot be read is the code in the cell or `UNKNOWN`, never a number. */
export function readField(field: SampleField, cellOf: (column: ColumnName) => Cell, at: Instant): NumberReading {
  const parts = COLUMNS_OF_FIELD[field].map((column) => readCell(COLUMNS[column], cellOf(column)));
  const failed = parts.find((part) => !part.ok && part.code !== DriverCode.NOT_SUPPORTED);
  if (failed && !failed.ok) return { ok: false, code: failed.code };
  const values = parts.flatMap((part) => (part.ok ? [part.value] : []));
  const isEnough = PARTIAL_SUMS.has(field) ? values.length > 0 : values.length === parts.length;
  if (!isEnough || values.length === 0) return NOT_SUPPORTED;
  return { ok: true, value: values.reduce((sum, value) => sum + value, 0), at };
}

/** A cell as a number in the unit of its field. */
export function readCell({ unit, scale }: Column, cell: Cell): Attempt<number> {
  if (cell === null || cell === undefined) return NOT_SUPPORTED;
  if (/^\[.*\]$/.test(cell)) return { ok: false, code: codeOfText(cell) ?? DriverCode.UNKNOWN };
  if (/^0x[0-9a-f]{1,16}$/i.test(cell)) return { ok: true, value: Number(cell) };
  try {
    const value = quantityOf(cell, unit);
    if (value === null || cell.startsWith('-')) return { ok: false, code: DriverCode.UNKNOWN };
    return { ok: true, value: Math.round(value * scale) };
  } catch (error) {
    if (error instanceof DriverError) return { ok: false, code: error.code };
    throw error;
  }
}
