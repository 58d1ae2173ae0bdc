import {
  floorToFen,
  fenToUnits,
  splitByLargestRemainder,
  splitTax,
  sumUnits,
  type Fen,
  fen,
  units,
} from '#lib/core/money.ts';
import type { InvoiceLine, InvoiceTotals, UsageSum } from './types.ts';

const sumFen = (amounts: readonly Fen[]): Fen => fen(amounts.reduce((a, b) => a + b, 0n));

/**
 * Makes an invoice from a month's sums. The total drops to whole fen in the customer's favour; the fen go to the lines
 * by largest remainder, so that lines sum to the total; tax is split per line by difference, so that net and tax sum to
 * gross on every line and in total. Null when there is nothing to bill.
 */
export function makeInvoice(usage: readonly UsageSum[]): { lines: InvoiceLine[]; totals: InvoiceTotals } | null {
  const billed = usage.filter(
    ({ grossUnits, usedSeconds, unusedSeconds }) => grossUnits > 0n || usedSeconds + unusedSeconds > 0n,
  );
  const grossUnits = sumUnits(billed.map((sum) => sum.grossUnits));
  if (grossUnits === 0n) return null;
  const grossFen = floorToFen(grossUnits);
  const parts = splitByLargestRemainder(
    grossFen,
    billed.map((sum) => sum.grossUnits),
  );
  const lines = billed.map((sum, i): InvoiceLine => {
    const lineFen = parts[i] ?? fen(0n);
    return { ...sum, line: i + 1, grossFen: lineFen, ...splitTax(lineFen, BigInt(sum.taxRateBps)) };
  });
  const totals = {
    grossUnits,
    residueUnits: units(grossUnits - fenToUnits(grossFen)),
    grossFen,
    netFen: sumFen(lines.map((line) => line.netFen)),
    taxFen: sumFen(lines.map((line) => line.taxFen)),
  };
  return { lines, totals };
}
