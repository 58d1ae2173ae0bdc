import { expect, test } from 'vitest';
import { units } from '#lib/core/money.ts';
import { walletAfter } from './wallet-effect.ts';

const wallet = { spendableUnits: units(1_000n), heldUnits: units(200n), burnUnitsPerHour: units(50n) };
const cost = { totalUnits: units(300n), isByHour: true, isNow: true, hourlyUnits: units(100n) };

test('what starts now moves into a hold and draws from it', () => {
  expect(walletAfter(wallet, cost)).toEqual({
    afterUnits: 700n,
    shortUnits: 0n,
    burnUnitsPerHour: 150n,
    runwayHours: 8n,
  });
});

test('what is held for later, or paid for a term, does not prolong what runs', () => {
  const later = { afterUnits: 700n, shortUnits: 0n, burnUnitsPerHour: 50n, runwayHours: 18n };
  expect(walletAfter(wallet, { ...cost, isNow: false })).toEqual(later);
  expect(walletAfter(wallet, { ...cost, isByHour: false })).toEqual(later);
});

test('what is missing is said, and nothing lasts then', () => {
  expect(walletAfter(wallet, { ...cost, totalUnits: units(1_001n) })).toMatchObject({
    afterUnits: -1n,
    shortUnits: 1n,
    runwayHours: null,
  });
  const idle = { ...wallet, burnUnitsPerHour: units(0n) };
  expect(walletAfter(idle, { ...cost, isNow: false }).runwayHours).toBeNull();
});
