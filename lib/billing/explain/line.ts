import type { InvoiceLine, InvoiceTotals, UsageTotals } from '../types.ts';
import { type Equation, equation } from './equation.ts';

/** What a line, or the invoice, asks for of its usage: what vouchers paid is not asked again. */
const unpaid = ({ grossUnits, voucherUnits }: Pick<InvoiceLine, 'grossUnits' | 'voucherUnits'>): bigint =>
  grossUnits - voucherUnits;

/** The fen that rounding each line down leaves over, and a line's place among those that get one of them, from 1. */
function shareOf(
  lines: readonly InvoiceLine[],
  totals: InvoiceTotals,
  line: number,
): { readonly rank: bigint; readonly missing: bigint } {
  const { grossFen } = totals;
  const all = unpaid(totals);
  if (all <= 0n) return { rank: 1n, missing: 0n };
  const parts = lines.map((each) => ({
    line: each.line,
    fen: (grossFen * unpaid(each)) / all,
    remainder: (grossFen * unpaid(each)) % all,
  }));
  const own = parts.find((part) => part.line === line);
  const ahead = parts.filter(
    ({ remainder, line: other }) =>
      own !== undefined && (remainder > own.remainder || (remainder === own.remainder && other < line)),
  );
  return {
    rank: BigInt(ahead.length + 1),
    missing: grossFen - parts.reduce((sum, { fen }) => sum + fen, 0n),
  };
}

/**
 * The steps from a line's charges to what it asks for, in their order: its sums, the invoice's whole fen and residue,
 * the line's share of the fen by largest remainder, net and tax. `printedFen` is what the issued document says.
 */
export function lineEquations({
  invoice,
  lines,
  line,
  charges,
  used,
  printedFen,
}: {
  readonly invoice: InvoiceTotals;
  readonly lines: readonly InvoiceLine[];
  readonly line: InvoiceLine;
  readonly charges: number;
  readonly used: UsageTotals;
  readonly printedFen: bigint;
}): readonly Equation[] {
  const count = BigInt(lines.length);
  const charged = invoice.grossUnits;
  const vouchers = invoice.voucherUnits;
  const asked = invoice.grossFen;
  const sum = (pick: (each: InvoiceLine) => bigint): bigint => lines.reduce((total, each) => total + pick(each), 0n);
  const gross = line.grossFen;
  return [
    equation('lineUsed', { used: used.usedSeconds }, line.usedSeconds),
    equation('lineUnused', { unused: used.unusedSeconds }, line.unusedSeconds),
    equation('lineUnits', { charges: BigInt(charges), charged: used.amountUnits }, line.grossUnits),
    equation('invoiceUnits', { lines: count, charged: sum(({ grossUnits }) => grossUnits) }, charged),
    equation('invoiceFen', { charged, vouchers }, asked),
    equation('residue', { charged, vouchers, asked }, invoice.residueUnits),
    equation(
      'lineFen',
      { asked, line: unpaid(line), charged: unpaid(invoice), ...shareOf(lines, invoice, line.line) },
      gross,
    ),
    equation('invoiceSum', { lines: count, asked: sum(({ grossFen }) => grossFen) }, asked),
    equation('net', { gross, rate: BigInt(line.taxRateBps) }, line.netFen),
    equation('tax', { gross, net: line.netFen }, line.taxFen),
    equation('printed', { line: gross }, printedFen),
  ];
}
