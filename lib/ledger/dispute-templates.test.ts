import { expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { disputeLost, disputeOpened, disputeWon, splitDispute } from './dispute-templates.ts';
import type { Journal } from './types.ts';

const AT = instant(0);
const dispute = { id: idFrom('dispute', 'dsp_1'), organisationId: idFrom('organisation', 'org_1'), provider: 'stripe' };

const effects = (...journals: Journal[]): Record<string, bigint> => {
  const sums: Record<string, bigint> = {};
  for (const { account, debitUnits, creditUnits } of journals.flatMap(({ legs }) => legs))
    sums[account.path] = (sums[account.path] ?? 0n) + creditUnits - debitUnits;
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n));
};

test.each([
  [100n, 30n, 30n, 0n],
  [30n, 100n, 30n, 70n],
  [0n, 5n, 0n, 5n],
  [-10n, 5n, 0n, 5n],
])('a wallet of %s covers %s of a dispute with %s, and %s is owed', (balance, amount, fromWallet, owed) => {
  expect(splitDispute(units(balance), units(amount))).toEqual({ fromWallet, owed });
});

const split = { ...dispute, fromWallet: units(30n), owed: units(70n) };

test('a dispute that is won leaves everything as it was', () => {
  expect(effects(...disputeOpened(split, AT), ...disputeWon(split, AT))).toEqual({});
});

test('a dispute that is lost costs the customer what was disputed, and us nothing while the debt is good', () => {
  expect(effects(...disputeOpened(split, AT), disputeLost(split, AT))).toEqual({
    'psp:stripe:clearing': 100n,
    'wallet:org_1:cash': -30n,
    'ar:org_1:disputed': -70n,
  });
});
