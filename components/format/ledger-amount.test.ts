import { expect, test } from 'vitest';
import { ledgerAmountParts } from './ledger-amount.ts';

test.each([
  [123_456_00000001n, 'CNY/8', '¥123,456.00', '000001'],
  [0n, 'CNY/8', '¥0.00', '000000'],
  [-1n, 'CNY/8', '-¥0.00', '000001'],
  [-12_34000000n, 'CNY/8', '-¥12.34', '000000'],
  [36_000n, 'CARDSEC:pol_sg', '36,000', ''],
] as const)('%d of %s', (amount, asset, main, below) => {
  expect(ledgerAmountParts(amount, asset)).toEqual({ main, below });
});
