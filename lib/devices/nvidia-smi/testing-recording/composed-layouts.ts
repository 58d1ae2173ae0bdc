import { MIB } from '../../card-profile.ts';
import type { DeviceInfo, DeviceProcess, IcnLink, Presence, Topology } from '../../types.ts';
import { longBus, quantityCell, shortBus } from './words.ts';

const SWITCH_BUSES = ['00000000:05:00.0', '00000000:06:00.0', '00000000:07:00.0', '00000000:08:00.0'] as const;

/** `topo -m`, with its heading underlined as the tool has it, and one network card to be passed over. */
export function topoText(topology: Topology, infos: readonly DeviceInfo[]): string {
  const infoOf = (uuid: string): DeviceInfo | undefined => infos.find((info) => info.uuid === uuid);
  const names = topology.uuids.map((uuid) => `GPU${infoOf(uuid)?.index}`);
  const heading = ['', ...names, 'NIC0', 'CPU Affinity', 'NUMA Affinity', 'GPU NUMA ID'].join('\t');
  const rows = topology.uuids.map((uuid, i) => {
    const cells = topology.uuids.map((_, j) => pathWord(topology, i, j));
    const info = infoOf(uuid);
    return [names[i], ...cells, 'NODE', info?.cpuAffinity ?? '', info?.numaNode ?? '', '', 'N/A'].join('\t');
  });
  const nic = ['NIC0', ...names.map(() => 'NODE'), ' X ', '', '', '', ''].join('\t');
  const legend = '\nLegend:\n\n  X    = Self\n  NV#  = Connection traversing a bonded set of # NVLinks\n\n';
  return `\u001b[4m${heading}\u001b[0m\n${[...rows, nic].join('\n')}\n${legend}NIC Legend:\n\n  NIC0: mlx5_0\n\n`;
}

function pathWord({ path, icnBonded }: Topology, i: number, j: number): string {
  const word = path[i]?.[j];
  if (word === 'SELF') return ' X ';
  return word === 'ICN' ? `NV${icnBonded[i]?.[j]}` : (word ?? '');
}

export type LinkedCard = { readonly info: DeviceInfo; readonly links: readonly IcnLink[] };

/** `nvlink -s`, `-R` or `-e`. Nothing is said of the far end of a link that is down. */
export function nvlinkText(flag: string, cards: readonly LinkedCard[]): string {
  return cards
    .map(({ info, links }) => {
      const lines = links.flatMap((link) => linkLines(flag, link)).map((line) => `\t Link ${line}\n`);
      return `GPU ${info.index}: ${info.model} (UUID: ${info.uuid})\n${lines.join('')}`;
    })
    .join('');
}

function linkLines(flag: string, link: IcnLink): string[] {
  const { id, state, gigabytesPerSec } = link;
  if (flag === '-s') return [`${id}: ${state === 'active' ? speedOf(gigabytesPerSec) : `<${state}>`}`];
  if (flag === '-R') {
    const bus = longBus(SWITCH_BUSES[id % SWITCH_BUSES.length] ?? SWITCH_BUSES[0]);
    return state === 'active' ? [`${id}: Remote Device ${bus}: Link ${id + 20}`] : [];
  }
  const [replay, crc] = [link.txErr, link.rxErr].map((reading) => quantityCell(reading, ''));
  return [`${id}: Replay Errors: ${replay}`, `${id}: Recovery Errors: 0`, `${id}: CRC Errors: ${crc}`];
}

function speedOf(reading: IcnLink['gigabytesPerSec']): string {
  return reading.ok ? `${reading.value} GB/s` : '<inactive>';
}

/** `--query-compute-apps`. */
export function processTable(
  names: readonly string[],
  cards: readonly { readonly info: DeviceInfo; readonly processes: readonly DeviceProcess[] }[],
): string {
  const rows = cards.flatMap(({ info, processes }) =>
    processes.map(({ pid, usedBytes, name }) =>
      [info.uuid, pid, quantityCell(usedBytes, 'MiB', MIB), name ?? '[N/A]'].join(', '),
    ),
  );
  const header = names.map((name) => (name === 'used_gpu_memory' ? `${name} [MiB]` : name));
  return `${[header.join(', '), ...rows].join('\n')}\n`;
}

/** `lspci -D -n -d 10de:`: the switches of the board, and the cards; one that is lost reads as all ones. */
export function lspciText(presence: readonly Presence[]): string {
  const switches = SWITCH_BUSES.map((bus) => `${shortBus(bus).toLowerCase()} 0680: 10de:22a3 (rev a1)\n`);
  const cards = presence
    .filter(({ state }) => state !== 'removed')
    .map(({ pciBusId, state }) => {
      const revision = state === 'lost' ? 'ff' : 'a1';
      return `${shortBus(pciBusId).toLowerCase()} 0302: 10de:2330 (rev ${revision})\n`;
    });
  return [...switches, ...cards].join('');
}

/** `grep -rH . /proc/driver/nvidia/gpus`. */
export function procText(infos: Iterable<DeviceInfo>): string {
  return [...infos]
    .flatMap(({ pciBusId, uuid, minor, model }) => {
      const file = `/proc/driver/nvidia/gpus/${shortBus(pciBusId).toLowerCase()}/information`;
      return [`Model: \t\t ${model}`, `GPU UUID: \t ${uuid}`, `Device Minor: \t ${minor}`].map(
        (line) => `${file}:${line}\n`,
      );
    })
    .join('');
}
