import { stripVTControlCharacters } from 'node:util';
import { hopMatrix } from '../hop-matrix.ts';
import { DriverCode, DriverError, type Topology, type TopologyPath } from '../types.ts';

/** One card's row of `nvidia-smi topo -m`. */
export type TopoRow = {
  readonly cells: ReadonlyMap<number, string>;
  readonly cpuAffinity: string | null;
  readonly numaNode: number | null;
};

const PATHS = new Set<string>(['PIX', 'PXB', 'PHB', 'NODE', 'SYS'] satisfies TopologyPath[]);

/**
 * The matrix by the cards' indices. The tool underlines its header for terminals and files alike. Columns are parted by
 * tabs, after the affinity of CPUs by doubled ones too. Throws `UNKNOWN` for anything that is no square matrix of cards,
 * with the legend below it that every version prints: without that, the last rows may be short.
 */
export function parseTopo(text: string): ReadonlyMap<number, TopoRow> {
  const lines = stripVTControlCharacters(text).split('\n');
  const heading = lines.findIndex((line) => /\bGPU\d+\b/.test(line));
  const columns = (lines[heading] ?? '').split('\t').map((cell) => cell.trim());
  const cards = columns.flatMap((cell, at) => (/^GPU\d+$/.test(cell) ? [{ index: Number(cell.slice(3)), at }] : []));
  const rows = new Map<number, TopoRow>();
  for (const line of lines.slice(heading + 1)) {
    const cells = line.split('\t').map((cell) => cell.trim());
    const own = /^GPU(\d+)$/.exec(cells[0] ?? '')?.[1];
    if (own === undefined) continue;
    rows.set(Number(own), {
      cells: new Map(cards.map(({ index, at }) => [index, cells[at] ?? ''])),
      ...affinitiesOf(columns, cells),
    });
  }
  const isWhole = text.includes('\nLegend:');
  const isSquare =
    isWhole && cards.length > 0 && cards.length === rows.size && cards.every(({ index }) => rows.has(index));
  if (!isSquare) throw new DriverError(DriverCode.UNKNOWN, 'topo');
  return rows;
}

function affinitiesOf(columns: readonly string[], cells: readonly string[]): Omit<TopoRow, 'cells'> {
  const at = columns.indexOf('CPU Affinity');
  if (at === -1) return { cpuAffinity: null, numaNode: null };
  const cpus = cells[at] ?? '';
  const node = cells.slice(at + 1).find((cell) => cell !== '') ?? '';
  return { cpuAffinity: cpus === '' ? null : cpus, numaNode: /^\d+$/.test(node) ? Number(node) : null };
}

/** The topology of the cards given in order of index. */
export function topologyOf(
  rows: ReadonlyMap<number, TopoRow>,
  cards: readonly { readonly index: number; readonly uuid: string }[],
): Topology {
  const cellOf = (a: number, b: number): string => rows.get(a)?.cells.get(b) ?? '';
  const icnBonded = cards.map((a) => cards.map((b) => Number(/^NV(\d+)$/.exec(cellOf(a.index, b.index))?.[1] ?? 0)));
  return {
    uuids: cards.map((card) => card.uuid),
    path: cards.map((a) => cards.map((b) => pathOf(a.index === b.index, cellOf(a.index, b.index)))),
    icnBonded,
    icnHops: hopMatrix(icnBonded),
  };
}

function pathOf(isSelf: boolean, cell: string): TopologyPath {
  if (isSelf) return 'SELF';
  if (/^NV\d+$/.test(cell)) return 'ICN';
  if (isPath(cell)) return cell;
  throw new DriverError(DriverCode.UNKNOWN, 'topo');
}

function isPath(cell: string): cell is TopologyPath {
  return PATHS.has(cell);
}
