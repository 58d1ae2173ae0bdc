import { present } from '#lib/core/assert.ts';
import { out, type ToolRun } from '../tool/program.ts';
import type { DeviceInfo, Topology, TopologyPath } from '../types.ts';
import { parseOptions, UsageError } from './arguments.ts';
import type { Session } from './session.ts';

const LEGEND = `
Legend:

  X    = the card itself
  SYS  = across NUMA nodes
  NODE = within a NUMA node, across its PCIe host bridges
  PHB  = through one PCIe host bridge
  PXB  = through several PCIe switches
  PIX  = through one PCIe switch
  ICN# = over # links of the interconnect
`;

const P2P_LETTERS = ['r', 'w', 'n', 'a', 'p'];

/** `topo`: how the cards of the server reach each other. */
export async function* topo(session: Session, args: readonly string[]): ToolRun {
  const options = parseOptions(args, { '-m': ['nothing'], '-mp': ['nothing'], '-po': ['nothing'], '-p2p': ['value'] });
  const infos = await session.driver.list();
  const topology = await session.driver.topology();
  const cell = cellOf(options.get('-p2p'), options.has('-mp'), options.size);
  const order = infos.map(({ uuid }) => topology.uuids.indexOf(uuid));
  const head = ['', ...infos.map(({ index }) => `PPU${index}`), ...(options.has('-p2p') ? [] : AFFINITY_HEADS)];
  const rows = infos.map((info, i) => [
    `PPU${info.index}`,
    ...infos.map((other, j) => cell(info, other, topology, order[i] ?? -1, order[j] ?? -1)),
    ...(options.has('-p2p') ? [] : affinityOf(info)),
  ]);
  yield out(`${[head, ...rows].map((cells) => `${cells.join('\t')}\n`).join('')}${LEGEND}`);
  return 0;
}

const AFFINITY_HEADS = ['CPU Affinity', 'NUMA Affinity'];

function affinityOf({ cpuAffinity, numaNode }: DeviceInfo): string[] {
  return [cpuAffinity ?? 'N/A', numaNode === null ? 'N/A' : String(numaNode)];
}

type CellText = (a: DeviceInfo, b: DeviceInfo, topology: Topology, i: number, j: number) => string;

function cellOf(p2p: string | undefined, isPciOnly: boolean, count: number): CellText {
  if (p2p !== undefined) {
    if (!P2P_LETTERS.includes(p2p)) throw new UsageError(`"${p2p}" is not a valid capability.`);
    // Access between cards goes over the links; the simulated server has no other way.
    return (a, b, { icnHops }, i, j) => (a === b ? 'X' : at(icnHops, i, j) > 0 && p2p !== 'p' ? 'OK' : 'NS');
  }
  if (count === 0) throw new UsageError("Nothing to show. Please run 'ppu-smi -h'.");
  return (a, b, { path, icnBonded }, i, j) => {
    const way: TopologyPath = at(path, i, j);
    if (way === 'SELF') return 'X';
    if (way !== 'ICN') return way;
    return isPciOnly ? pciPath(a, b) : `ICN${at(icnBonded, i, j)}`;
  };
}

function pciPath(a: DeviceInfo, b: DeviceInfo): string {
  return a.numaNode === b.numaNode ? 'NODE' : 'SYS';
}

function at<T>(matrix: readonly (readonly T[])[], row: number, column: number): T {
  return present(matrix[row]?.[column], `cell ${row}, ${column} of the topology`);
}
