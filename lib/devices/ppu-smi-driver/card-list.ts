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
 * say. Null for a card that will not tell what it is now; throws `UNKNOWN` for a row that cannot be read.
 */
export function infoOf(row: CardRow, place: CardPlace, details: CardDetails): DeviceInfo | null {
  const model = told(row, 'name');
  const memoryBytes = toldNumber(row, 'memoryTotal');
  const powerLimitDefaultMw = toldNumber(row, 'powerLimitDefault');
  if (model === null || memoryBytes === null) return null;
  const profile = findProfileByName(model);
  return {
    ...place,
    minor: details.minor,
    deviceNode: deviceNodeOf(place.index),
    serial: told(row, 'serial'),
    model,
    arch: profile?.arch ?? 'unknown',
    numaNode: details.numaNode,
    cpuAffinity: details.cpuAffinity,
    rearId: details.rearId,
    memoryBytes,
    computeUnits: profile?.figures.computeUnits ?? null,
    powerLimitDefaultMw,
    icnLinks: details.icnLinks,
    mig: MIG[told(row, 'mig') ?? ''] ?? 'unsupported',
  };
}

/** A cell, unless the tool has nothing or an error in it. */
function told({ cellOf }: CardRow, column: ColumnName): string | null {
  const cell = cellOf(column) ?? null;
  return cell === null || /^\[.*\]$/.test(cell) ? null : cell;
}

function toldNumber(row: CardRow, column: ColumnName): number | null {
  const cell = told(row, column);
  const value = readCell(COLUMNS[column], cell);
  if (cell !== null && !value.ok) throw unreadable(column);
  return value.ok ? value.value : null;
}
