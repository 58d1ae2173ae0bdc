import { expect, test } from 'vitest';
import { fen, units } from '#lib/core/money.ts';
import { refundable, refundableBy } from './refundable.ts';

const YUAN = 100_000_000n;
const SUMS = [
  { route: 'bank' as const, paidInFen: 100_000n, takenFen: 0n },
  { route: 'sandbox' as const, paidInFen: 5_000n, takenFen: 5_000n },
];

test('what was paid in and not spent goes back by the way it came', () => {
  expect(refundable(SUMS, units(300n * YUAN))).toEqual([
    { route: 'bank', amountFen: 30_000n },
    { route: 'sandbox', amountFen: 0n },
  ]);
});

test('money that was credited and never paid in cannot be taken out', () => {
  expect(refundableBy(refundable(SUMS, units(5_000n * YUAN)), 'bank')).toBe(fen(100_000n));
});

test('a part of a fen stays, and nobody takes out what is owed', () => {
  expect(refundableBy(refundable(SUMS, units(1_999_999n)), 'bank')).toBe(fen(1n));
  expect(refundableBy(refundable(SUMS, units(-YUAN)), 'bank')).toBe(fen(0n));
});

test('by a way that nothing came nothing goes', () => {
  expect(refundableBy(refundable([], units(YUAN)), 'bank')).toBe(fen(0n));
});
