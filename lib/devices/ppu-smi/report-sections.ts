import type {
  Attempt,
  DeviceInfo,
  DeviceProcess,
  Fabric,
  NumberReading,
  Reading,
  RecoveryAction,
  SampleField,
} from '../types.ts';
import { busText, cellText, freeMebibytes, mapTold, mebibytesText, toldOr, wattsText } from './format.ts';
import { MIG_TEXT } from './query-keys.ts';
import type { ToolCard } from './session.ts';

/** A line of a report, or a heading with lines under it. */
export type ReportLine = readonly [label: string, value: string | readonly ReportLine[]];

/** Everything that a report says of a card. */
export type ReportFacts = {
  readonly card: ToolCard;
  readonly sample: Readonly<Record<SampleField, NumberReading>>;
  readonly recovery: Reading<RecoveryAction>;
  readonly fabric: Reading<Fabric>;
  readonly processes: Attempt<readonly DeviceProcess[]>;
};

const UNSUPPORTED = 'N/A';

/** How the recovery action is printed. */
const RECOVERY_TEXT: Readonly<Record<RecoveryAction, string>> = {
  none: 'None',
  device_reset: 'PPU Reset',
  node_reboot: 'Node Reboot',
  drain_p2p: 'Drain P2P',
  drain_and_reset: 'Drain and Reset',
  cold_reboot: 'Cold Reboot',
};

const FABRIC_STATE_TEXT: Readonly<Record<Fabric['state'], string>> = {
  not_started: 'Not Started',
  in_progress: 'In Progress',
  completed: 'Completed',
};

const FABRIC_HEALTH_TEXT: Readonly<Record<Fabric['health'], string>> = {
  healthy: 'Healthy',
  unhealthy: 'Unhealthy',
  limited_capacity: 'Limited Capacity',
};

const text = (told: Attempt<string>, unit: string | null = null): string => cellText(told, unit, false);

/** The lines that only a report without `-d` has. */
export function identityLines({ card, recovery, fabric, sample }: ReportFacts): ReportLine[] {
  const of = (read: (info: DeviceInfo) => string | null): string =>
    text(card.info.ok ? toldOr(read(card.info.value)) : card.info);
  const fabricOf = (read: (value: Fabric) => string): string => text(mapTold(fabric, read));
  return [
    ['Product Name', of((info) => info.model)],
    ['MIG Mode', [['Current', of(({ mig }) => MIG_TEXT[mig])]]],
    ['Serial Number', of((info) => info.serial)],
    ['PPU UUID', card.uuid],
    ['Minor Number', of(({ minor }) => (minor === null ? null : String(minor)))],
    ['Rear ID', of(({ rearId }) => (rearId === null ? null : String(rearId)))],
    ['PPU Recovery Action', text(mapTold(recovery, (action) => RECOVERY_TEXT[action]))],
    ['Auto Reset', UNSUPPORTED],
    [
      'PCI',
      [
        ['Bus Id', busText(card.pciBusId)],
        ['Link Gen Current', text(mapTold(sample.pcieGen, String))],
        ['Link Width Current', text(mapTold(sample.pcieWidth, (width) => `${width}x`))],
      ],
    ],
    [
      'Fabric',
      [
        ['State', fabricOf(({ state }) => FABRIC_STATE_TEXT[state])],
        ['Status', fabricOf(({ state }) => (state === 'completed' ? 'Success' : UNSUPPORTED))],
        ['CliqueId', fabricOf(({ cliqueId }) => String(cliqueId))],
        ['ClusterUUID', fabricOf(({ clusterUuid }) => clusterUuid)],
        ['Health', [['Summary', fabricOf(({ health }) => FABRIC_HEALTH_TEXT[health])]]],
      ],
    ],
  ];
}

/** The sections that `-d` chooses from, in the order in which a whole report has them. */
export const SECTIONS = {
  MEMORY: memoryLines,
  COMPUTE: () => [['Compute Mode', UNSUPPORTED]],
  UTILIZATION: ({ sample }) => [
    [
      'Utilization',
      [
        ['PPU', text(mapTold(sample.utilPct, String), '%')],
        ['Memory', text(mapTold(sample.memUtilPct, String), '%')],
      ],
    ],
  ],
  ECC: ({ sample }) => [
    [
      'ECC Errors',
      [
        ['Volatile', eccLines(sample.eccCorVol, sample.eccUncVol)],
        ['Aggregate', eccLines(sample.eccCorAgg, sample.eccUncAgg)],
      ],
    ],
  ],
  PAGE_RETIREMENT: ({ sample }) => [
    [
      'Retired Pages',
      [
        ['Single Bit ECC', UNSUPPORTED],
        ['Double Bit ECC', text(mapTold(sample.pagesRetired, String))],
      ],
    ],
  ],
  ROW_REMAPPER: ({ sample }) => [
    ['Remapped Rows', [['Pending', text(mapTold(sample.remapPending, (pending) => (pending > 0 ? 'Yes' : 'No')))]]],
  ],
  TEMPERATURE: ({ sample }) => [
    [
      'Temperature',
      [
        ['PPU Current Temp', text(mapTold(sample.tempC, String), 'C')],
        ['Memory Current Temp', text(mapTold(sample.memTempC, String), 'C')],
      ],
    ],
  ],
  POWER: ({ card, sample }) => [
    [
      'PPU Power Readings',
      [
        ['Power Draw', text(mapTold(sample.powerMw, wattsText), 'W')],
        ['Current Power Limit', text(mapTold(sample.powerLimitMw, wattsText), 'W')],
        ['Default Power Limit', text(mapTold(defaultLimit(card), wattsText), 'W')],
      ],
    ],
  ],
  CLOCK: ({ sample }) => [
    [
      'Clocks',
      [
        ['CU', text(mapTold(sample.cuClockMhz, String), 'MHz')],
        ['Memory', text(mapTold(sample.memClockMhz, String), 'MHz')],
      ],
    ],
  ],
  SUPPORTED_CLOCKS: () => [['Supported Clocks', UNSUPPORTED]],
  PIDS: ({ processes }) => [['Processes', processLines(processes)]],
  VERSION: () => [],
} as const satisfies Record<string, (facts: ReportFacts) => ReportLine[]>;

export type SectionName = keyof typeof SECTIONS;

function memoryLines({ card, sample }: ReportFacts): ReportLine[] {
  const total = card.info.ok ? toldOr(mebibytesText(card.info.value.memoryBytes)) : card.info;
  return [
    [
      'Memory Usage',
      [
        ['Total', text(total, 'MiB')],
        ['Used', text(mapTold(sample.memUsedBytes, mebibytesText), 'MiB')],
        ['Free', text(freeMebibytes(sample), 'MiB')],
      ],
    ],
  ];
}

function defaultLimit({ info }: ToolCard): Attempt<number> {
  return info.ok ? toldOr(info.value.powerLimitDefaultMw) : info;
}

function eccLines(corrected: NumberReading, uncorrected: NumberReading): ReportLine[] {
  return [
    ['Corrected', text(mapTold(corrected, String))],
    ['Uncorrected', text(mapTold(uncorrected, String))],
  ];
}

function processLines(processes: Attempt<readonly DeviceProcess[]>): string | ReportLine[] {
  if (!processes.ok) return cellText(processes, null, false);
  if (processes.value.length === 0) return 'None';
  return processes.value.map(({ pid, name, usedBytes }): ReportLine => {
    const used = text(mapTold(usedBytes, mebibytesText), 'MiB');
    return [
      'Process ID',
      [
        ['PID', String(pid)],
        ['Name', name ?? UNSUPPORTED],
        ['Used PPU Memory', used],
      ],
    ];
  });
}
