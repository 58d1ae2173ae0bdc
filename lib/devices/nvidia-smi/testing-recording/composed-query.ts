import { MIB } from '../../card-profile.ts';
import {
  type DeviceDriver,
  type DeviceInfo,
  type NumberReading,
  type Reading,
  type RecoveryAction,
  SAMPLE_FIELDS,
  type SampleField,
} from '../../types.ts';
import { ALL_QUERY_NAMES } from '../query-keys.ts';
import { cellOf, longBus, quantityCell, wattsCell, wattsOf } from './words.ts';

/** A version of the tool: what it can be asked, and how it behaves when a card is lost. */
export type ToolAge = 'r570' | 'r535';

const SINCE_570 = /^gpu_recovery_action$|^fabric\.(health|cliqueId|clusterUuid)/;
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ['pcie.link.gen.gpucurrent', 'pcie.link.gen.current'],
  ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
]);

/** What `--help-query-gpu` of an age lists. */
export function helpText(age: ToolAge): string {
  const names =
    age === 'r570'
      ? ALL_QUERY_NAMES
      : ALL_QUERY_NAMES.filter((name) => !SINCE_570.test(name)).map((name) => OLD_NAMES.get(name) ?? name);
  return names.map((name) => `"${name}"\nWhat it is, in a sentence.\n\n`).join('');
}

export type Card = {
  readonly info: DeviceInfo;
  readonly sample: Readonly<Record<SampleField, NumberReading>>;
  readonly action: Reading<RecoveryAction>;
  readonly fabric: Awaited<ReturnType<DeviceDriver['fabric']>>;
  readonly isPersistent: boolean;
};

export async function readCards(driver: DeviceDriver, persistent: ReadonlySet<string>): Promise<Card[]> {
  return Promise.all(
    (await driver.list()).map(async (info) => ({
      info,
      sample: await driver.sample({ uuid: info.uuid }, SAMPLE_FIELDS),
      action: await driver.recoveryAction({ uuid: info.uuid }),
      fabric: await driver.fabric({ uuid: info.uuid }),
      isPersistent: persistent.has(info.pciBusId),
    })),
  );
}

const ACTION_WORDS: Readonly<Record<RecoveryAction, string>> = {
  none: 'None',
  device_reset: 'Reset',
  node_reboot: 'Reboot',
  drain_p2p: 'Drain P2P',
  drain_and_reset: 'Drain and Reset',
  cold_reboot: 'Reboot',
};
const FABRIC_WORDS = {
  not_started: 'Not Started',
  in_progress: 'In Progress',
  completed: 'Completed',
  healthy: 'Healthy',
  unhealthy: 'Unhealthy',
  limited_capacity: 'Limited Capacity',
} as const;

type Column = { readonly unit?: string; readonly cell: (card: Card) => string };

function column(field: SampleField, unit: string, share = 1): Column {
  return { unit, cell: ({ sample }) => quantityCell(sample[field], unit, share) };
}

function plain(field: SampleField): Column {
  return { cell: ({ sample }) => quantityCell(sample[field], '') };
}

const hexMask = (value: number): string => `0x${value.toString(16).padStart(16, '0')}`;

const COLUMNS: Readonly<Record<string, Column>> = {
  index: { cell: ({ info }) => String(info.index) },
  uuid: { cell: ({ info }) => info.uuid },
  'pci.bus_id': { cell: ({ info }) => longBus(info.pciBusId) },
  name: { cell: ({ info }) => info.model },
  serial: { cell: ({ info }) => info.serial ?? '[N/A]' },
  driver_version: { cell: () => '570.86.15' },
  compute_cap: { cell: () => '9.0' },
  persistence_mode: { cell: ({ isPersistent }) => (isPersistent ? 'Enabled' : 'Disabled') },
  'mig.mode.current': { cell: ({ info }) => (info.mig === 'on' ? 'Enabled' : 'Disabled') },
  'memory.total': { unit: 'MiB', cell: ({ info }) => `${info.memoryBytes / MIB} MiB` },
  'memory.reserved': {
    unit: 'MiB',
    cell: ({ info, sample }) => cellOf(sample.memUsableBytes, (value) => `${(info.memoryBytes - value) / MIB} MiB`),
  },
  'memory.used': column('memUsedBytes', 'MiB', MIB),
  'utilization.gpu': column('utilPct', '%'),
  'utilization.memory': column('memUtilPct', '%'),
  'power.draw': { unit: 'W', cell: ({ sample }) => wattsCell(sample.powerMw) },
  'power.limit': { unit: 'W', cell: ({ sample }) => wattsCell(sample.powerLimitMw) },
  'power.default_limit': { unit: 'W', cell: ({ info }) => wattsOf(info.powerLimitDefaultMw ?? 0) },
  'temperature.gpu': plain('tempC'),
  'temperature.memory': plain('memTempC'),
  'clocks.current.sm': column('cuClockMhz', 'MHz'),
  'clocks.current.memory': column('memClockMhz', 'MHz'),
  'clocks_event_reasons.active': { cell: ({ sample }) => cellOf(sample.throttleBits, hexMask) },
  'clocks_throttle_reasons.active': { cell: ({ sample }) => cellOf(sample.throttleBits, hexMask) },
  'pcie.link.gen.gpucurrent': plain('pcieGen'),
  'pcie.link.gen.current': plain('pcieGen'),
  'pcie.link.width.current': plain('pcieWidth'),
  'ecc.errors.corrected.volatile.total': plain('eccCorVol'),
  'ecc.errors.uncorrected.volatile.total': plain('eccUncVol'),
  'ecc.errors.corrected.aggregate.total': plain('eccCorAgg'),
  'ecc.errors.uncorrected.aggregate.total': plain('eccUncAgg'),
  gpu_recovery_action: { cell: ({ action }) => cellOf(action, (value) => ACTION_WORDS[value]) },
  'reset_status.reset_required': {
    cell: ({ action }) => cellOf(action, (value) => (value === 'device_reset' ? 'Yes' : 'No')),
  },
  'reset_status.drain_and_reset_recommended': {
    cell: ({ action }) => cellOf(action, (value) => (value === 'drain_and_reset' ? 'Yes' : 'No')),
  },
  'fabric.state': { cell: ({ fabric }) => cellOf(fabric, ({ state }) => FABRIC_WORDS[state]) },
  'fabric.status': { cell: ({ fabric }) => cellOf(fabric, () => 'Success') },
  'fabric.cliqueId': { cell: ({ fabric }) => cellOf(fabric, ({ cliqueId }) => String(cliqueId)) },
  'fabric.clusterUuid': { cell: ({ fabric }) => cellOf(fabric, ({ clusterUuid }) => clusterUuid) },
  'fabric.health.summary': { cell: ({ fabric }) => cellOf(fabric, ({ health }) => FABRIC_WORDS[health]) },
};

/** The table of `--query-gpu`; null when a name is not one that this age knows. */
export function queryTable(names: readonly string[], cards: readonly Card[], age: ToolAge): string | null {
  const offered = helpText(age);
  const columns = names.map((name) => ({ name, column: COLUMNS[name] }));
  if (columns.some(({ name, column }) => !column || !offered.includes(`"${name}"`))) return null;
  const header = columns.map(({ name, column }) => (column?.unit ? `${name} [${column.unit}]` : name));
  const rows = cards.map((card) => columns.map(({ column }) => column?.cell(card) ?? '').join(', '));
  return `${[header.join(', '), ...rows].join('\n')}\n`;
}

/** The table of `--query-remapped-rows`. */
export function remapTable(names: readonly string[], cards: readonly Card[]): string {
  const rows = cards.map(({ info, sample }) =>
    [
      longBus(info.pciBusId),
      cellOf(sample.pagesRetired, () => '0'),
      quantityCell(sample.pagesRetired, ''),
      cellOf(sample.remapPending, (value) => (value === 1 ? 'Yes' : 'No')),
    ].join(', '),
  );
  return `${[names.join(', '), ...rows].join('\n')}\n`;
}
