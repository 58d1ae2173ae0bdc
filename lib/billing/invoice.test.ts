import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { units } from '#lib/core/money.ts';
import { makeInvoice } from './invoice.ts';
import type { UsageSum } from './types.ts';

const sum = (grossUnits: bigint, id = 'a', voucherUnits = 0n): UsageSum => ({
  skuId: `sku_${id}` as Id<'sku'>,
  priceVersionId: `prv_${id}` as Id<'priceVersion'>,
  purchase: 'by-hour',
  taxRateBps: 600,
  usedSeconds: 1n,
  unusedSeconds: 0n,
  grossUnits: units(grossUnits),
  voucherUnits: units(voucherUnits),
});

test('the residue below a fen is dropped in favour of the customer', () => {
  const invoice = makeInvoice([sum(4_599_822n)]);
  expect(invoice?.totals).toMatchObject({ grossFen: 4n, residueUnits: 599_822n, netFen: 4n, taxFen: 0n });
});

test('150 yuan are 141.51 net and 8.49 tax', () => {
  expect(makeInvoice([sum(150_00000000n)])?.totals).toMatchObject({
    grossFen: 15_000n,
    netFen: 14_151n,
    taxFen: 849n,
    residueUnits: 0n,
  });
});

test('nothing used is no invoice', () => {
  expect(makeInvoice([])).toBeNull();
  expect(makeInvoice([sum(0n)])).toBeNull();
});

test('lines sum to totals, and fen and residue to the units, whatever was used', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: 0n, max: 10n ** 14n }), { minLength: 1, maxLength: 12 }), (amounts) => {
      const invoice = makeInvoice(amounts.map((amount, i) => sum(amount, `${i}`)));
      if (!invoice) {
        expect(amounts.every((amount) => amount === 0n)).toBe(true);
        return;
      }
      const { lines, totals } = invoice;
      const total = (pick: (line: (typeof lines)[number]) => bigint): bigint =>
        lines.reduce((all, line) => all + pick(line), 0n);
      expect(total((line) => line.grossFen)).toBe(totals.grossFen);
      expect(total((line) => line.netFen)).toBe(totals.netFen);
      expect(total((line) => line.taxFen)).toBe(totals.taxFen);
      expect(totals.netFen + totals.taxFen).toBe(totals.grossFen);
      expect(totals.grossFen * 1_000_000n + totals.residueUnits).toBe(amounts.reduce((a, b) => a + b, 0n));
      expect(totals.residueUnits >= 0n && totals.residueUnits < 1_000_000n).toBe(true);
    }),
  );
});

test('vouchers pay before the invoice asks: it asks for the rest, taxes the rest, and drops the residue of the rest', () => {
  const invoice = makeInvoice([sum(150_00000000n, 'a', 50_00000001n), sum(6_00000000n, 'b', 6_00000000n)]);
  expect(invoice?.totals).toMatchObject({
    grossUnits: 156_00000000n,
    voucherUnits: 56_00000001n,
    grossFen: 9_999n,
    residueUnits: 999_999n,
  });
  expect(invoice?.lines.map(({ grossFen, netFen }) => [grossFen, netFen])).toEqual([
    [9_999n, 9_433n],
    [0n, 0n],
  ]);
});

test('an invoice that vouchers paid whole is issued and asks for nothing', () => {
  const invoice = makeInvoice([sum(7_00000001n, 'a', 7_00000001n)]);
  expect(invoice?.totals).toMatchObject({ grossFen: 0n, netFen: 0n, taxFen: 0n, residueUnits: 0n });
});

test('vouchers that paid more than was used are a fault of the books, not an invoice', () => {
  expect(() => makeInvoice([sum(10n, 'a', 11n)])).toThrow();
});
