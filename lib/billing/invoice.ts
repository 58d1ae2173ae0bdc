import { invariant } from '#lib/core/assert.ts';
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

/** What is asked for: use less what vouchers paid of it. */
const askedOf = ({ grossUnits, voucherUnits }: UsageSum): bigint => {
  invariant(voucherUnits >= 0n && voucherUnits <= grossUnits, 'vouchers pay at most what was used');
  return grossUnits - voucherUnits;
};

/** Whole fen over the lines by what each asks for; when vouchers paid all, each asks for nothing. */
function fenByLine(grossFen: Fen, asked: readonly bigint[]): Fen[] {
  return asked.some((amount) => amount > 0n) ? splitByLargestRemainder(grossFen, asked) : asked.map(() => fen(0n));
}

/**
 * Makes an invoice from a month's sums, less what vouchers paid. The total drops to whole fen in the customer's favour; the fen go to the lines
 * by largest remainder, so that lines sum to the total; tax is split per line by difference, so that net and tax sum to
 * gross on every line and in total. Null when there is nothing to bill.
 */
export function makeInvoice(usage: readonly UsageSum[]): { lines: InvoiceLine[]; totals: InvoiceTotals } | null {
  const billed = usage.filter(
    ({ grossUnits, usedSeconds, unusedSeconds }) => grossUnits > 0n || usedSeconds + unusedSeconds > 0n,
  );
  const grossUnits = sumUnits(billed.map((sum) => sum.grossUnits));
  if (grossUnits === 0n) return null;
  const asked = billed.map(askedOf);
  const voucherUnits = sumUnits(billed.map((sum) => sum.voucherUnits));
  const grossFen = floorToFen(units(grossUnits - voucherUnits));
  const parts = fenByLine(grossFen, asked);
  const lines = billed.map((sum, i): InvoiceLine => {
    const lineFen = parts[i] ?? fen(0n);
    return { ...sum, line: i + 1, grossFen: lineFen, ...splitTax(lineFen, BigInt(sum.taxRateBps)) };
  });
  const totals = {
    grossUnits,
    voucherUnits,
    residueUnits: units(grossUnits - voucherUnits - fenToUnits(grossFen)),
    grossFen,
    netFen: sumFen(lines.map((line) => line.netFen)),
    taxFen: sumFen(lines.map((line) => line.taxFen)),
  };
  return { lines, totals };
}
