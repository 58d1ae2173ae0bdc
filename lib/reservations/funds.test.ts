import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { Voucher } from '#lib/vouchers/types.ts';
import { vouchersFrom, vouchersSeen } from './funds.ts';

const ORG = 'org_a' as Id<'organisation'>;
const VOUCHER: Voucher = {
  grantId: 'prm_a' as Id<'promoGrant'>,
  organisationId: ORG,
  scope: { siteIds: ['sit_a'], modelIds: [], purchases: ['by-hour'] },
  priority: 10,
  validFrom: instant(1_000),
  validUntil: instant(2_000),
  grantedAt: instant(1_500),
  leftUnits: units(9_007_199_254_740_993n),
};

test('vouchers are read from the log as a decision saw them', () => {
  const { vouchers = '' } = vouchersSeen(new Map([[ORG, [VOUCHER]]]), ORG, 'vouchers');
  expect(vouchersFrom(vouchers)).toEqual([VOUCHER]);
  expect(vouchersSeen(new Map(), ORG, 'vouchers')).toEqual({});
  expect(() => vouchersFrom('[{"leftUnits":"x"}]')).toThrow();
});
