import { expect, test } from 'vitest';
import { units } from '#lib/core/money.ts';
import { runwayHours } from './runway.ts';

const wallet = (spendable: bigint, burn: bigint, vouchers?: readonly [left: bigint, covered: bigint]) => ({
  spendableUnits: units(spendable),
  heldUnits: units(10n),
  burnUnitsPerHour: units(burn),
  ...(vouchers && { vouchers: { leftUnits: units(vouchers[0]), burnUnitsPerHour: units(vouchers[1]) } }),
});

test('whole hours of what is there and held; none where nothing runs', () => {
  expect([runwayHours(wallet(95n, 10n)), runwayHours(wallet(95n, 0n))]).toEqual([10n, null]);
});

test('vouchers count as far as they cover what runs', () => {
  expect(runwayHours(wallet(90n, 10n, [50n, 10n]))).toBe(15n);
  // Half of it is covered: money alone pays the other half, and is gone before the voucher.
  expect(runwayHours(wallet(90n, 10n, [1_000n, 5n]))).toBe(20n);
  expect(runwayHours(wallet(90n, 10n, [50n, 5n]))).toBe(15n);
  expect(runwayHours(wallet(90n, 10n, [50n, 0n]))).toBe(10n);
});
