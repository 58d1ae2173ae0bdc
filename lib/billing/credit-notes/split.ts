import { type Fen, fen, parseFen, splitTax } from '#lib/core/money.ts';
import { accept, type Result, refuse } from '#lib/core/result.ts';
import type { Amounts, CreditableLine, CreditNoteInput, CreditNoteLine, CreditNoteRefusal } from './types.ts';

/** What no note has taken back of a line yet. */
export function leftOf({ whole, credited }: Pick<CreditableLine, 'whole' | 'credited'>): Amounts {
  return {
    grossFen: fen(whole.grossFen - credited.grossFen),
    netFen: fen(whole.netFen - credited.netFen),
    taxFen: fen(whole.taxFen - credited.taxFen),
  };
}

/**
 * So much of a line, net and tax by the rule of the invoice: the net credited to date is the net of the gross credited
 * to date, and a note has the difference. However a line is credited in parts, they sum to its own net and tax.
 */
export function creditPart(line: CreditableLine, grossFen: Fen): Amounts {
  const left = leftOf(line);
  if (grossFen === left.grossFen) return left;
  const toDate = splitTax(fen(line.credited.grossFen + grossFen), BigInt(line.taxRateBps));
  const netFen = fen(toDate.netFen - line.credited.netFen);
  return { grossFen, netFen, taxFen: fen(grossFen - netFen) };
}

/** What lines come to. */
export function sumOf(lines: readonly Amounts[]): Amounts {
  const sum = (of: (line: Amounts) => Fen): Fen => fen(lines.reduce((total, line) => total + of(line), 0n));
  return { grossFen: sum((l) => l.grossFen), netFen: sum((l) => l.netFen), taxFen: sum((l) => l.taxFen) };
}

/** An amount as it was typed, `1,234.50`; empty is nothing, null is unreadable. */
function readYuan(text: string): Fen | null {
  if (text === '') return fen(0n);
  return parseFen(/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text);
}

/**
 * What a note takes back of each line. Refuses, line by line in their order: an amount that cannot be read, a line that
 * the invoice does not have or that has less left; then a note over nothing.
 */
export function decideLines(
  lines: readonly CreditableLine[],
  wish: Pick<CreditNoteInput, 'scope' | 'amounts'>,
): Result<CreditNoteLine[], CreditNoteRefusal> {
  const taken: CreditNoteLine[] = [];
  const asked =
    wish.scope === 'rest'
      ? lines.map((line) => ({ line: line.line, grossFen: leftOf(line).grossFen }))
      : wish.amounts.map(({ line, yuan }) => ({ line, grossFen: readYuan(yuan) }));
  const seen = new Set<number>();
  for (const { line: number, grossFen } of asked) {
    if (grossFen === null) return refuse({ code: 'creditAmountUnreadable', line: number });
    if (grossFen === 0n) continue;
    const line = lines.find((each) => each.line === number);
    const leftFen = line && !seen.has(number) ? leftOf(line).grossFen : fen(0n);
    seen.add(number);
    if (!line || grossFen > leftFen) return refuse({ code: 'creditOverLine', line: number, leftFen: `${leftFen}` });
    taken.push({ line: number, ...creditPart(line, grossFen) });
  }
  return taken.length === 0 ? refuse({ code: 'creditNothing' }) : accept(taken);
}
