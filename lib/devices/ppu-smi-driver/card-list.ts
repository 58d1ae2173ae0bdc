import { normalisePciBusId } from '../pci.ts';
import { PPU_CONTAINER } from '../containers.ts';
import { findProfileByName } from '../profiles.ts';
import type { DeviceInfo } from '../types.ts';
import type { CardRow } from './card-table.ts';
import { COLUMNS, type ColumnName, readCell } from './columns.ts';
import { unreadable } from './tool-text.ts';

/** The columns of which a card's identity is made. */
export const IDENTITY_COLUMNS = [
  'index',
  'pciBusId',
  'name',
  'serial',
  'memoryTotal',
  'powerLimitDefault',
  'mig',
] as const satisfies readonly ColumnName[];

/** What does not change while the driver runs and stands in reports that need not be read each time. */
export type CardDetails = Pick<DeviceInfo, 'minor' | 'rearId' | 'numaNode' | 'cpuAffinity' | 'icnLinks'>;

/** Where a card stands in this boot: under these three its details hold. */
export type CardPlace = Pick<DeviceInfo, 'uuid' | 'index' | 'pciBusId'>;

/** Throws `UNKNOWN` when the row does not say which card it is about. */
export function placeOf({ uuid, cellOf }: CardRow): CardPlace {
  const index = cellOf('index');
  const pciBusId = normalisePciBusId(cellOf('pciBusId') ?? '');
  if (!/^\d{1,4}$/.test(index ?? '') || pciBusId === null) throw unreadable('index');
  return { uuid, index: Number(index), pciBusId };
}

/** The node's number is the ordinal of this boot, not its minor number. */
export function deviceNodeOf(index: number): string {
  return `${PPU_CONTAINER.cardNodePrefix}${index}`;
}

const MIG: Readonly<Record<string, DeviceInfo['mig']>> = { Enabled: 'on', Disabled: 'off' };

/**
 * A card's identity. What its model settles (architecture, compute units) comes from our tables, since the tool does not
 * say. A card that will not tell its memory cannot be sold: null, as if it were not listed.
 */
export function infoOf(row: CardRow, place: CardPlace, details: CardDetails): DeviceInfo | null {
  const told = (column: ColumnName): string | null => {
    const cell = row.cellOf(column) ?? null;
    return cell === null || /^\[.*\]$/.test(cell) ? null : cell;
  };
  const model = told('name');
  const memory = readCell(COLUMNS.memoryTotal, row.cellOf('memoryTotal'));
  const limit = readCell(COLUMNS.powerLimitDefault, row.cellOf('powerLimitDefault'));
  if (model === null || !memory.ok) return null;
  const profile = findProfileByName(model);
  return {
    ...place,
    minor: details.minor,
    deviceNode: deviceNodeOf(place.index),
    serial: told('serial'),
    model,
    arch: profile?.arch ?? 'unknown',
    numaNode: details.numaNode,
    cpuAffinity: details.cpuAffinity,
    rearId: details.rearId,
    memoryBytes: memory.value,
    computeUnits: profile?.figures.computeUnits ?? null,
    powerLimitDefaultMw: limit.ok ? limit.value : null,
    icnLinks: details.icnLinks,
    mig: MIG[told('mig') ?? ''] ?? 'unsupported',
  };
}
