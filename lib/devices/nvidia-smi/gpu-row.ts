import type { Instant } from '#lib/core/instant.ts';
import { MIB } from '../card-profile.ts';
import { parseToolCsv } from '../tool/csv.ts';
import {
  DriverCode,
  type Fabric,
  type NumberReading,
  type Reading,
  type RecoveryAction,
  type SampleField,
} from '../types.ts';
import { type Cell, codeOfCell, readFlag, readMask, readQuantity } from './cell.ts';
import type { QueryKey, QueryKeys } from './query-keys.ts';

/** What the tool printed of a card, by our names. */
export type GpuRow = (key: QueryKey) => Cell;

/** What it printed of the card's remapped rows, which is a table of its own; null when it could not be had. */
export type RemapRow = { readonly correctable: Cell; readonly uncorrectable: Cell; readonly pending: Cell };

/** Reads the answer to `--query-gpu` with these keys. Throws `UNKNOWN` for what is no such table. */
export function parseGpuRows(text: string, keys: QueryKeys): GpuRow[] {
  return parseToolCsv(text, [...keys.values()]).map((cells) => (key) => {
    const name = keys.get(key);
    return name === undefined ? undefined : cells.get(name);
  });
}

export const REMAP_KEYS = [
  'gpu_bus_id',
  'remapped_rows.correctable',
  'remapped_rows.uncorrectable',
  'remapped_rows.pending',
] as const;

/** Reads the answer to `--query-remapped-rows`, by bus id as printed. */
export function parseRemapRows(text: string): ReadonlyMap<string, RemapRow> {
  const [busId, correctable, uncorrectable, pending] = REMAP_KEYS;
  return new Map(
    parseToolCsv(text, REMAP_KEYS).map((row) => [
      row.get(busId) ?? '',
      { correctable: row.get(correctable), uncorrectable: row.get(uncorrectable), pending: row.get(pending) },
    ]),
  );
}

const UNSUPPORTED: NumberReading = { ok: false, code: DriverCode.NOT_SUPPORTED };
const MILLI = 1_000;

type Gauge = (row: GpuRow, remap: RemapRow | null, at: Instant) => NumberReading;

function gauge(key: QueryKey, unit: string, factor = 1): Gauge {
  return (row, _remap, at) => readQuantity(row(key), unit, factor, at);
}

/** How each field follows from the tables. The tool counts no energy and no replays there. */
const GAUGES: Readonly<Record<SampleField, Gauge>> = {
  utilPct: gauge('util', '%'),
  memUtilPct: gauge('memUtil', '%'),
  memUsedBytes: gauge('memoryUsed', 'MiB', MIB),
  memUsableBytes: (row, _remap, at) => {
    const total = readQuantity(row('memoryTotal'), 'MiB', MIB, at);
    const reserved = readQuantity(row('memoryReserved'), 'MiB', MIB, at);
    if (!total.ok || !reserved.ok) return total.ok ? reserved : total;
    return { ...total, value: total.value - reserved.value };
  },
  powerMw: gauge('powerDraw', 'W', MILLI),
  powerLimitMw: gauge('powerLimit', 'W', MILLI),
  tempC: gauge('temperature', 'C'),
  memTempC: gauge('memoryTemperature', 'C'),
  cuClockMhz: gauge('smClock', 'MHz'),
  memClockMhz: gauge('memoryClock', 'MHz'),
  throttleBits: (row, _remap, at) => readMask(row('throttle'), at),
  pcieGen: gauge('pcieGen', ''),
  pcieWidth: gauge('pcieWidth', ''),
  pcieReplay: () => UNSUPPORTED,
  eccCorVol: gauge('eccCorVol', ''),
  eccUncVol: gauge('eccUncVol', ''),
  eccCorAgg: gauge('eccCorAgg', ''),
  eccUncAgg: gauge('eccUncAgg', ''),
  pagesRetired: (_row, remap, at) => {
    const correctable = readQuantity(remap?.correctable, '', 1, at);
    const uncorrectable = readQuantity(remap?.uncorrectable, '', 1, at);
    if (!correctable.ok || !uncorrectable.ok) return correctable.ok ? uncorrectable : correctable;
    return { ...correctable, value: correctable.value + uncorrectable.value };
  },
  remapPending: (_row, remap, at) => readFlag(remap?.pending, at),
  energyMj: () => UNSUPPORTED,
};

/** One field of a card that is listed. */
export function readGauge(field: SampleField, row: GpuRow, remap: RemapRow | null, at: Instant): NumberReading {
  return GAUGES[field](row, remap, at);
}

const ACTIONS: ReadonlyMap<string, RecoveryAction> = new Map([
  ['none', 'none'],
  ['reset', 'device_reset'],
  ['gpu reset', 'device_reset'],
  ['reboot', 'node_reboot'],
  ['node reboot', 'node_reboot'],
  ['drain p2p', 'drain_p2p'],
  ['drain and reset', 'drain_and_reset'],
]);

/**
 * What the driver asks for. Versions before 570 say only whether a reset is required or recommended: a yes is an
 * answer, but a no says nothing of reboots, so it is `NOT_SUPPORTED` and the XIDs go on speaking.
 */
export function readAction(row: GpuRow, at: Instant): Reading<RecoveryAction> {
  const cell = row('recoveryAction');
  const code = codeOfCell(cell);
  if (code === null) {
    const value = ACTIONS.get((cell ?? '').toLowerCase());
    return value === undefined ? { ok: false, code: DriverCode.UNKNOWN } : { ok: true, value, at };
  }
  const isRequired = readFlag(row('resetRequired'), at);
  const isRecommended = readFlag(row('resetRecommended'), at);
  if (isRequired.ok && isRequired.value === 1) return { ok: true, value: 'device_reset', at };
  if (isRecommended.ok && isRecommended.value === 1) return { ok: true, value: 'drain_and_reset', at };
  return { ok: false, code };
}

const FABRIC_STATES: ReadonlyMap<string, Fabric['state']> = new Map([
  ['not started', 'not_started'],
  ['in progress', 'in_progress'],
  ['completed', 'completed'],
]);
const FABRIC_HEALTH: ReadonlyMap<string, Fabric['health']> = new Map([
  ['healthy', 'healthy'],
  ['unhealthy', 'unhealthy'],
  ['limited capacity', 'limited_capacity'],
]);

/** The fabric as newer versions report it; where one part of it is not offered, nothing is claimed. */
export function readFabric(row: GpuRow, at: Instant): Reading<Fabric> {
  const cells = [row('fabricState'), row('fabricHealth'), row('fabricCluster'), row('fabricClique')];
  const code = cells.map(codeOfCell).find((found) => found !== null) ?? null;
  if (code !== null) return { ok: false, code };
  const [stateCell, healthCell, clusterUuid, clique] = cells.map((cell) => cell ?? '');
  const state = FABRIC_STATES.get((stateCell ?? '').toLowerCase());
  const health = FABRIC_HEALTH.get((healthCell ?? '').toLowerCase());
  const cliqueId = readQuantity(clique, '', 1, at);
  if (!state || !health || !cliqueId.ok) return { ok: false, code: DriverCode.UNKNOWN };
  return { ok: true, at, value: { clusterUuid: clusterUuid ?? '', cliqueId: cliqueId.value, state, health } };
}
