import { out, type ToolRun } from '../tool/program.ts';
import type { IcnLink, NumberReading } from '../types.ts';
import { parseOptions, UsageError } from './arguments.ts';
import { busText, cellText, mapTold } from './format.ts';
import { selectCards, type Session } from './session.ts';
import { titleText } from './summary.ts';

/** What each report says of a link, by its option. */
const REPORTS: Readonly<Record<string, (link: IcnLink) => readonly string[]>> = {
  '-s': (link) => [stateText(link)],
  '-c': ({ remote }) => [`P2P is supported: ${remote.kind !== 'unknown'}`, 'System memory access is supported: false'],
  '-p': ({ remote }) => [remote.pciBusId === undefined ? PARTNER_TEXT[remote.kind] : busText(remote.pciBusId)],
  '-r': (link) => [remoteText(link)],
  '-cs': () => ['N/A'],
  '-lw': ({ lanes }) => [numberText(lanes, (value) => `${value}x`)],
  '-lm': () => ['N/A'],
  '-e': (link) => [
    `Link Up Count: ${numberText(link.upCount)}`,
    `Link Down Count: ${numberText(link.downCount)}`,
    `FEC Correctable Errors: ${numberText(link.fecCor)}`,
    `FEC Uncorrectable Errors: ${numberText(link.fecUnc)}`,
    `TX Packet Errors: ${numberText(link.txErr)}`,
    `RX Packet Errors: ${numberText(link.rxErr)}`,
  ],
};

const THROUGHPUT = (link: IcnLink): string[] => [
  `Raw Tx: ${numberText(link.txMegabytesPerSec, (value) => `${value} MB/s`)}`,
  `Raw Rx: ${numberText(link.rxMegabytesPerSec, (value) => `${value} MB/s`)}`,
];

const PARTNER_TEXT = { ppu: '<unknown>', switch: '<switch>', unknown: '<unknown>' } as const;

/** `icn`: the links of each card, one aspect at a time. */
export async function* icn(session: Session, args: readonly string[]): ToolRun {
  const flags = Object.fromEntries(Object.keys(REPORTS).map((name) => [name, ['nothing'] as const]));
  const options = parseOptions(args, { ...flags, '-gt': ['value'], '-i': ['value', '--id'], '-l': ['value'] });
  const flow = options.get('-gt');
  if (flow === 'd') return yield* notSupported();
  if (flow !== undefined && flow !== 'r') throw new UsageError(`"${flow}" is not a valid type of throughput.`);
  const name = Object.keys(REPORTS).find((known) => options.has(known));
  const report = flow === 'r' ? THROUGHPUT : name && REPORTS[name];
  if (!report) throw new UsageError("Nothing to show. Please run 'ppu-smi -h'.");
  const only = options.get('-l');
  for (const card of await selectCards(session, options.get('-i'))) {
    const links = await session.driver.links({ uuid: card.uuid });
    const lines = links
      .filter(({ id }) => only === undefined || String(id) === only)
      .flatMap((link) => report(link).map((text) => `\t Link ${link.id}: ${text}\n`));
    yield out(titleText(card) + lines.join(''));
  }
  return 0;
}

async function* notSupported(): ToolRun {
  yield out('Not Supported\n');
  return 0;
}

function stateText({ state, gigabytesPerSec }: IcnLink): string {
  if (state !== 'active') return `<${state}>`;
  return numberText(gigabytesPerSec, (value) => `${value} GB/s`);
}

function remoteText({ remote }: IcnLink): string {
  if (remote.pciBusId === undefined) return PARTNER_TEXT[remote.kind];
  return `Remote Device ${busText(remote.pciBusId)}: Link ${remote.link ?? 'N/A'}`;
}

function numberText(reading: NumberReading, text: (value: number) => string = String): string {
  return cellText(mapTold(reading, text), null, false);
}
