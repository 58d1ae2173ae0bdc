import { type Fen, fen, splitByLargestRemainder } from '#lib/core/money.ts';
import type { Amounts } from './types.ts';

/**
 * So much of a line, with net and tax in the proportion that is stored for it. Never more than either part holds, and
 * the whole line is exactly its stored split: nothing is computed from the rate again.
 */
function portionOf(line: Amounts, grossFen: Fen): Amounts {
  if (grossFen === line.grossFen) return line;
  const [netFen = fen(0n), taxFen = fen(0n)] = splitByLargestRemainder(grossFen, [line.netFen, line.taxFen]);
  return { grossFen, netFen, taxFen };
}

/** What lines come to. */
export function sumOf(lines: readonly Amounts[]): Amounts {
  const sum = (of: (line: Amounts) => Fen): Fen => fen(lines.reduce((total, line) => total + of(line), 0n));
  return { grossFen: sum((l) => l.grossFen), netFen: sum((l) => l.netFen), taxFen: sum((l) => l.taxFen) };
}

/**
 * Takes an amount out of lines in their order: whole lines as far as it reaches, then a part of one. Lines of nothing
 * are left out. The caller has seen that the lines hold so much.
 */
export function takeFrom<L extends Amounts>(lines: readonly L[], amountFen: Fen): L[] {
  const taken: L[] = [];
  let left: bigint = amountFen;
  for (const line of lines) {
    const grossFen = fen(left < line.grossFen ? left : line.grossFen);
    if (grossFen > 0n) taken.push({ ...line, ...portionOf(line, grossFen) });
    left -= grossFen;
  }
  return taken;
}
