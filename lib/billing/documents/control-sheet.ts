import { decimal, decimalText } from '#lib/core/decimal.ts';
import { type Cell, count, type Sheet, text } from './xlsx.ts';

/** A sum, where it is from, and what it must equal; amounts in 1e-8 yuan. */
export type ControlLine =
  | { readonly label: string; readonly units: bigint }
  | { readonly label: string; readonly count: bigint | number }
  | { readonly label: string; readonly text: string };

function cellsOf(line: ControlLine): readonly Cell[] {
  if ('text' in line) return [text(line.label), null, text(line.text)];
  if ('count' in line) return [text(line.label), count(line.count), text(`${line.count}`)];
  const exact = decimalText(decimal(line.units, 8));
  return [text(line.label), { number: exact, look: 'units' }, text(exact)];
}

/**
 * The sheet that proves the others: sums as numbers, and once more as text with every digit, since a spreadsheet keeps
 * fifteen.
 */
export function controlSheet(lines: readonly ControlLine[]): Sheet {
  return {
    name: '核对 Control',
    widths: [56, 24, 48],
    head: ['项目 Item', '数值 Number', '精确值 Exact'],
    rows: [lines.map(cellsOf)],
  };
}
