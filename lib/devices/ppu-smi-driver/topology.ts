import { hopMatrix } from '../hop-matrix.ts';
import type { DeviceInfo, Topology, TopologyPath } from '../types.ts';
import { unreadable } from './tool-text.ts';

/** What `topo -m` says: the way between two cards by their numbers, and where each card's memory and cores are. */
export type TopologyTable = {
  readonly cells: ReadonlyMap<number, readonly string[]>;
  readonly columns: readonly number[];
  readonly numaOf: (index: number) => number | null;
  readonly cpusOf: (index: number) => string | null;
};

const CARD = /^[PG]PU(\d+)$/;

/** Reads `topo -m`. Throws `UNKNOWN` when it is not a whole square. */
export function parseTopology(text: string): TopologyTable {
  const lines = text.split(/\r?\n/).map((line) => line.split('\t').map((cell) => cell.trim()));
  const head = lines[0] ?? [];
  const columns = head.flatMap((cell) => CARD.exec(cell)?.[1] ?? []).map(Number);
  const rows = lines.slice(1).flatMap((cells) => {
    const index = CARD.exec(cells[0] ?? '')?.[1];
    return index === undefined ? [] : [[Number(index), cells] as const];
  });
  const isSquare = columns.length > 0 && rows.map(([index]) => index).join() === columns.join();
  if (!isSquare || !text.endsWith('\n') || rows.some(([, cells]) => cells.length !== head.length))
    throw unreadable('topo');
  const byIndex = new Map(rows);
  const tell = (index: number, name: string): string | null => {
    const text = byIndex.get(index)?.[head.indexOf(name)] ?? '';
    return text === '' || text === 'N/A' ? null : text;
  };
  return {
    columns,
    cells: new Map(rows.map(([index, cells]) => [index, cells.filter((_, i) => CARD.test(head[i] ?? ''))])),
    cpusOf: (index) => tell(index, 'CPU Affinity'),
    numaOf: (index) => {
      const numa = tell(index, 'NUMA Affinity');
      if (numa !== null && !/^\d{1,3}$/.test(numa)) throw unreadable('topo');
      return numa === null ? null : Number(numa);
    },
  };
}

const PATHS: readonly string[] = ['PIX', 'PXB', 'PHB', 'NODE', 'SYS'] satisfies TopologyPath[];

/** The topology of the listed cards. The tool tells neighbours only; hops are counted over them. */
export function topologyOf(table: TopologyTable, infos: readonly DeviceInfo[]): Topology {
  const cell = (a: DeviceInfo, b: DeviceInfo): string => {
    const text = table.cells.get(a.index)?.[table.columns.indexOf(b.index)];
    if (text === undefined) throw unreadable('topo');
    return text;
  };
  const icnBonded = infos.map((a) => infos.map((b) => Number(/^ICN(\d{1,2})$/.exec(cell(a, b))?.[1] ?? 0)));
  return {
    uuids: infos.map(({ uuid }) => uuid),
    path: infos.map((a) => infos.map((b) => pathOf(cell(a, b)))),
    icnBonded,
    icnHops: hopMatrix(icnBonded),
  };
}

function pathOf(cell: string): TopologyPath {
  if (cell === 'X') return 'SELF';
  if (/^ICN\d{1,2}$/.test(cell)) return 'ICN';
  if (!PATHS.includes(cell)) throw unreadable('topo');
  return cell as TopologyPath;
}
