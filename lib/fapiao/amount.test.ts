import { expect, test } from 'vitest';
import { fen } from '#lib/core/money.ts';
import { decideAmount, readWish } from './amount.ts';

const left = (invoices: bigint, available: bigint) => ({ invoicesFen: fen(invoices), availableFen: fen(available) });

test('nothing typed is everything that invoices and account leave', () => {
  expect(decideAmount(null, left(500n, 300n))).toEqual({ ok: true, value: 300n });
  expect(decideAmount(null, left(200n, 300n))).toEqual({ ok: true, value: 200n });
});

test('refusals come in their order, with what is left', () => {
  expect(decideAmount(fen(900n), left(0n, 0n))).toEqual({ ok: false, refusal: { code: 'fapiaoNothingLeft' } });
  expect(decideAmount(fen(900n), left(500n, 0n))).toEqual({ ok: false, refusal: { code: 'fapiaoNothingLeft' } });
  expect(decideAmount(fen(900n), left(500n, 300n))).toEqual({
    ok: false,
    refusal: { code: 'fapiaoOverInvoices', leftFen: '500' },
  });
  expect(decideAmount(fen(400n), left(500n, 300n))).toEqual({
    ok: false,
    refusal: { code: 'fapiaoOverAvailable', availableFen: '300' },
  });
  expect(decideAmount(fen(300n), left(500n, 300n))).toEqual({ ok: true, value: 300n });
});

test('amounts are yuan with at most two decimals, and more than nothing', () => {
  expect(readWish('')).toEqual({ ok: true, value: null });
  expect(readWish('1,234.50')).toEqual({ ok: true, value: 123_450n });
  for (const typed of ['0', '0.00', '-1', '1.005', '1e3', '１２', '1,23', 'all', '0x10'])
    expect(readWish(typed), typed).toEqual({ ok: false, refusal: { code: 'fapiaoAmountUnreadable' } });
});
