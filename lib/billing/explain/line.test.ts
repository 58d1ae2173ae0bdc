import fc from 'fast-check';
import { expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { idFrom } from '#lib/core/id.ts';
import { fen, units } from '#lib/core/money.ts';
import { makeInvoice } from '../invoice.ts';
import type { InvoiceLine, InvoiceTotals, UsageSum } from '../types.ts';
import { allHold } from './equation.ts';
import { lineEquations } from './line.ts';

const sumOf = ([gross, used, taxRateBps, paidBps]: readonly [bigint, bigint, number, bigint]): UsageSum => ({
  skuId: idFrom('sku', 'sku_1'),
  priceVersionId: idFrom('priceVersion', 'prv_1'),
  purchase: 'by-hour',
  taxRateBps,
  usedSeconds: used,
  unusedSeconds: 7n,
  grossUnits: units(gross),
  voucherUnits: units((gross * paidBps) / 10_000n),
});

const months = fc.array(
  fc.tuple(
    fc.bigInt({ min: 1n, max: 10n ** 14n }),
    fc.bigInt({ min: 0n, max: 10n ** 7n }),
    fc.constantFrom(600, 1_300, 100, 0),
    fc.constantFrom(0n, 0n, 3_333n, 10_000n),
  ),
  { minLength: 1, maxLength: 12 },
);

function stepsOf(invoice: InvoiceTotals, lines: readonly InvoiceLine[], line: InvoiceLine, changed = line) {
  const used = {
    usedSeconds: line.usedSeconds,
    unusedSeconds: line.unusedSeconds,
    downSeconds: 0n,
    amountUnits: line.grossUnits,
  };
  const all = lines.map((each) => (each.line === line.line ? changed : each));
  return lineEquations({ invoice, lines: all, line: changed, charges: 1, used, printedFen: line.grossFen });
}

test('the steps of every line of any month hold', () => {
  fc.assert(
    fc.property(months, (month) => {
      const { lines, totals } = present(makeInvoice(month.map(sumOf)), 'an invoice');
      for (const line of lines) expect(stepsOf(totals, lines, line).filter(({ holds }) => !holds)).toEqual([]);
    }),
  );
});

test('any one figure of a line or its invoice that was altered shows', () => {
  fc.assert(
    fc.property(months, fc.nat(11), (month, index) => {
      const { lines, totals } = present(makeInvoice(month.map(sumOf)), 'an invoice');
      const line = present(lines[index % lines.length], 'a line');
      const alterations: Partial<InvoiceLine>[] = [
        { usedSeconds: line.usedSeconds + 1n },
        { unusedSeconds: 0n },
        { grossUnits: units(line.grossUnits + 1n) },
        { grossFen: fen(line.grossFen + 1n) },
        { netFen: fen(line.netFen - 1n) },
        { taxFen: fen(line.taxFen + 1n) },
      ];
      for (const altered of alterations)
        expect([Object.keys(altered), allHold(stepsOf(totals, lines, line, { ...line, ...altered }))]).toEqual([
          Object.keys(altered),
          false,
        ]);
      const totalAlterations: Partial<InvoiceTotals>[] = [
        { grossUnits: units(totals.grossUnits + 1n) },
        { grossFen: fen(totals.grossFen + 1n) },
        { residueUnits: units(totals.residueUnits + 1n) },
      ];
      for (const altered of totalAlterations)
        expect(allHold(stepsOf({ ...totals, ...altered }, lines, line))).toBe(false);
    }),
  );
});
