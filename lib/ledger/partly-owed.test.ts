import { expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { slaCompensated } from './correction-templates.ts';
import { partlyOwed } from './partly-owed.ts';
import type { Journal } from './types.ts';
import { usageCorrected } from './usage-corrected.ts';

const org = idFrom('organisation', 'org_1');
const reservationId = idFrom('reservation', 'rsv_1');
const credit = slaCompensated(
  { id: idFrom('compensation', 'cmp_1'), organisationId: org, reservationId, at: instant(0) },
  'sku_1',
  units(7n),
  'wallet',
);
const corrected = (amount: bigint): Journal =>
  usageCorrected(
    { reservationId, organisationId: org, poolId: 'pol_1', skuId: 'sku_1', purchase: 'by-hour' },
    { id: 1n, hourAt: instant(0), effectiveAt: instant(0) },
    units(amount),
    0n,
  );
const moneyOf = ({ legs }: Journal) =>
  legs.map(({ account, debitUnits, creditUnits }) => `${account.path} ${debitUnits - creditUnits}`);

test.each<[string, bigint, string[]]>([
  ['nobody owes anything', 0n, ['contra:sla:sku_1 7', 'wallet:org_1:cash -7']],
  ['less is owed', 3n, ['contra:sla:sku_1 7', 'ar:org_1:open -3', 'wallet:org_1:cash -4']],
  ['as much is owed', 7n, ['contra:sla:sku_1 7', 'ar:org_1:open -7']],
  ['more is owed', 9n, ['contra:sla:sku_1 7', 'ar:org_1:open -7']],
])('a credit where %s', (_, owed, expected) => {
  expect(moneyOf(partlyOwed(credit, org, owed))).toEqual(expected);
});

test('what is asked for is owed as far as it is said, and the seconds stay as they are', () => {
  expect(moneyOf(partlyOwed(corrected(5n), org, 2n))).toEqual([
    'ar:org_1:open 2',
    'wallet:org_1:cash 3',
    'revenue:accrued:sku_1 -5',
  ]);
  expect(moneyOf(partlyOwed(corrected(-5n), org, 2n))).toEqual([
    'revenue:accrued:sku_1 5',
    'ar:org_1:open -2',
    'wallet:org_1:cash -3',
  ]);
  expect(partlyOwed(corrected(0n), org, 2n)).toEqual(corrected(0n));
});
