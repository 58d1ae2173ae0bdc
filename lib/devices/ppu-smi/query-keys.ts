import type { Instant } from '#lib/core/instant.ts';
import { MIB } from '../card-profile.ts';
import { type Attempt, type DeviceInfo, DriverCode, type NumberReading, type SampleField } from '../types.ts';
import { busText, freeMebibytes, mapTold, mebibytesText, timestampText, toldOr, wattsText } from './format.ts';
import type { ToolCard } from './session.ts';

/** What is known of a card while its row is printed. */
export type CardFacts = {
  readonly card: ToolCard;
  readonly at: Instant;
  readonly count: number;
  readonly driverVersion: string;
  readonly sample: Readonly<Record<SampleField, NumberReading>>;
};

/** One column: its canonical name, the other names it answers to, and what stands in it. */
export type QueryKey<Facts> = {
  readonly key: string;
  readonly aliases: readonly string[];
  readonly unit: string | null;
  readonly explains: string;
  readonly tell: (facts: Facts) => Attempt<string>;
};

type CardKey = QueryKey<CardFacts>;

const UNSUPPORTED = { ok: false, code: DriverCode.NOT_SUPPORTED } as const;

function fact(
  key: string,
  aliases: readonly string[],
  explains: string,
  tell: CardKey['tell'],
  unit: string | null = null,
): CardKey {
  return { key, aliases, unit, explains, tell };
}

function identity(
  key: string,
  aliases: readonly string[],
  explains: string,
  of: (info: DeviceInfo) => string | null,
  unit: string | null = null,
): CardKey {
  return fact(key, aliases, explains, ({ card: { info } }) => (info.ok ? toldOr(of(info.value)) : info), unit);
}

function gauge(
  key: string,
  field: SampleField,
  unit: string | null,
  aliases: readonly string[] = [],
  text: (value: number) => string = String,
): CardKey {
  return fact(key, aliases, 'Read from the card when asked.', ({ sample }) => mapTold(sample[field], text), unit);
}

function missing(key: string): CardKey {
  return fact(key, [], 'Not supported by these cards.', () => UNSUPPORTED);
}

function reservedText({ card: { info }, sample: { memUsableBytes } }: CardFacts): Attempt<string> {
  if (!info.ok) return info;
  return mapTold(memUsableBytes, (usable) => String(info.value.memoryBytes / MIB - Math.floor(usable / MIB)));
}

function defaultLimitText({ powerLimitDefaultMw }: DeviceInfo): string | null {
  return powerLimitDefaultMw === null ? null : wattsText(powerLimitDefaultMw);
}

/** How a partition mode is printed; null where there is none. */
export const MIG_TEXT: Readonly<Record<DeviceInfo['mig'], string | null>> = {
  off: 'Disabled',
  on: 'Enabled',
  unsupported: null,
};

const hex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(16, '0')}`;

/** The columns of `--query-ppu`, canonical names first. */
export const CARD_KEYS: readonly CardKey[] = [
  fact('timestamp', [], 'When the query was made.', ({ at }) => toldOr(timestampText(at))),
  fact('driver_version', [], 'The version of the installed driver.', (facts) => toldOr(facts.driverVersion)),
  fact('count', ['ppu_count', 'gpu_count'], 'The number of cards in the system.', ({ count }) => toldOr(String(count))),
  identity('name', ['ppu_name', 'gpu_name'], 'The product name.', (info) => info.model),
  identity('serial', ['ppu_serial', 'gpu_serial'], 'The serial number of the board.', (info) => info.serial),
  fact('uuid', ['ppu_uuid', 'gpu_uuid'], 'The identity of the card.', ({ card }) => toldOr(card.uuid)),
  fact('pci.bus_id', ['bus_id', 'ppu_bus_id', 'gpu_bus_id'], 'Domain, bus, device and function.', ({ card }) =>
    toldOr(busText(card.pciBusId)),
  ),
  identity('index', [], 'The number of the card; another one after a reboot.', (info) => String(info.index)),
  gauge('pcie.link.gen.current', 'pcieGen', null),
  gauge('pcie.link.width.current', 'pcieWidth', null),
  missing('pcie.throughput.tx'),
  missing('pcie.throughput.rx'),
  missing('compute_mode'),
  missing('mps_mode'),
  identity('mig.mode.current', [], 'Whether the card is partitioned.', ({ mig }) => MIG_TEXT[mig]),
  identity('memory.total', [], 'Installed memory.', (info) => mebibytesText(info.memoryBytes), 'MiB'),
  fact('memory.reserved', [], 'Memory that the driver keeps back, retired pages among it.', reservedText, 'MiB'),
  gauge('memory.used', 'memUsedBytes', 'MiB', [], mebibytesText),
  fact('memory.free', [], 'Memory that can be allocated.', ({ sample }) => freeMebibytes(sample), 'MiB'),
  gauge('utilization.ppu', 'utilPct', '%', ['utilization.gpu']),
  gauge('utilization.memory', 'memUtilPct', '%'),
  gauge('temperature.ppu', 'tempC', 'C', ['temperature.gpu']),
  gauge('temperature.memory', 'memTempC', 'C'),
  gauge('power.draw', 'powerMw', 'W', [], wattsText),
  gauge('power.limit', 'powerLimitMw', 'W', [], wattsText),
  identity('power.default_limit', [], 'The limit after a reboot.', defaultLimitText, 'W'),
  gauge('clocks.current.cu', 'cuClockMhz', 'MHz', ['clocks.cu', 'clocks.current.sm', 'clocks.sm']),
  gauge('clocks.current.memory', 'memClockMhz', 'MHz', ['clocks.mem']),
  gauge('clocks_throttle_reasons.active', 'throttleBits', null, [], hex),
  gauge('ecc.errors.corrected.volatile.total', 'eccCorVol', null),
  gauge('ecc.errors.uncorrected.volatile.total', 'eccUncVol', null),
  gauge('ecc.errors.corrected.aggregate.total', 'eccCorAgg', null),
  gauge('ecc.errors.uncorrected.aggregate.total', 'eccUncAgg', null),
  missing('retired_pages.single_bit_ecc.count'),
  gauge('retired_pages.double_bit.count', 'pagesRetired', null),
];
