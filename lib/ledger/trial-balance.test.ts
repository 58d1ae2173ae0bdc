import { expect, test } from 'vitest';
import type { Asset } from './types.ts';
import { balancesAfter, keysetPage, trialBalances } from './trial-balance.ts';
import type { ChartLine } from './view-types.ts';

const line = (kind: ChartLine['kind'], asset: Asset, balanceUnits: bigint): ChartLine => ({
  kind,
  class: 'liability',
  asset,
  isLocked: false,
  accounts: 1,
  balanceUnits,
});

test('each asset balances by itself, money first, its kinds in the order of the chart', () => {
  const found = trialBalances([
    line('capacityUsed', 'CARDSEC:pol_b', 7n),
    line('capacityPool', 'CARDSEC:pol_b', -7n),
    line('wallet', 'CNY/8', 60n),
    line('suspense', 'CNY/8', 40n),
    line('bank', 'CNY/8', -100n),
  ]);
  expect(
    found.map(({ asset, debitUnits, creditUnits, differenceUnits }) => [
      asset,
      debitUnits,
      creditUnits,
      differenceUnits,
    ]),
  ).toEqual([
    ['CNY/8', 100n, 100n, 0n],
    ['CARDSEC:pol_b', 7n, 7n, 0n],
  ]);
  expect(found[0]?.lines.map(({ kind }) => kind)).toEqual(['bank', 'wallet', 'suspense']);
});

test('a kept balance that is wrong by one shows as the difference', () => {
  expect(trialBalances([line('wallet', 'CNY/8', 99n), line('bank', 'CNY/8', -100n)])[0]?.differenceUnits).toBe(-1n);
});

test('a running balance goes back from the newest', () => {
  const moves = [
    { debitUnits: 30n, creditUnits: 0n },
    { debitUnits: 0n, creditUnits: 100n },
  ];
  expect(balancesAfter(70n, moves)).toEqual([70n, 100n]);
});

test.each([
  [2, [3, 2, 1], { rows: [3, 2], olderThan: '2' }],
  [3, [3, 2, 1], { rows: [3, 2, 1], olderThan: null }],
  [3, [], { rows: [], olderThan: null }],
] as const)('a page of %d out of %j', (take, rows, expected) => {
  expect(keysetPage(rows, take, String)).toEqual(expected);
});
