import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import type { Month } from '#lib/core/period.ts';
import { isTable, policyInForce, readTiers } from './policy.ts';
import type { SlaPolicy } from './types.ts';

const policy = (validFrom: string, skuId: string | null, state: SlaPolicy['state'] = 'approved'): SlaPolicy => ({
  id: `slp_${validFrom}${skuId ?? ''}` as SlaPolicy['id'],
  skuId: skuId as Id<'sku'> | null,
  validFrom: validFrom as Month,
  tiers: [{ belowPpm: 999_000, creditBps: 1_000 }],
  reason: 'test',
  state,
  proposedBy: 'user:a',
  proposedAt: instant(0),
  decidedBy: 'user:b',
  decidedAt: instant(0),
});

test('lines are read exactly, in percent with up to four and two decimals', () => {
  expect(readTiers('99.975 10\n99 25.5\n95 100')).toEqual([
    { belowPpm: 999_750, creditBps: 1_000 },
    { belowPpm: 990_000, creditBps: 2_550 },
    { belowPpm: 950_000, creditBps: 10_000 },
  ]);
  expect(readTiers('99.9，10；99，30')).toEqual([
    { belowPpm: 999_000, creditBps: 1_000 },
    { belowPpm: 990_000, creditBps: 3_000 },
  ]);
});

test.each([
  ['nothing', ''],
  ['no numbers', 'high low'],
  ['a number too many', '99.9 10 5'],
  ['more decimals than there are', '99.99999 10'],
  ['a share above all', '99 100.01'],
  ['a threshold above all', '100.0001 10'],
  ['a share of nothing', '99 0'],
  ['a share below nothing', '99 -5'],
  ['thresholds that rise', '95 10\n99 25'],
  ['shares that fall', '99 25\n95 10'],
  ['a threshold twice', '99 10\n99 25'],
  ['seven lines', '99 1\n98 2\n97 3\n96 4\n95 5\n94 6\n93 7'],
])('%s is no table', (_, text) => {
  expect(readTiers(text)).toBeNull();
});

test('fractions of a unit are no table', () => {
  expect(isTable([{ belowPpm: 999_000.5, creditBps: 1_000 }])).toBe(false);
  expect(isTable([{ belowPpm: 999_000, creditBps: Number.NaN }])).toBe(false);
});

test('in force is the own table that began last, else the operator’s; none before the first, and nothing that only waits', () => {
  const all = [
    policy('2026-09', null),
    policy('2026-11', null),
    policy('2026-10', 'sku_a'),
    policy('2026-12', 'sku_a', 'proposed'),
    policy('2026-11', 'sku_a', 'replaced'),
  ];
  const id = (skuId: string, month: string) => policyInForce(all, skuId, month as Month)?.id ?? null;
  expect(id('sku_b', '2026-08')).toBeNull();
  expect(id('sku_b', '2026-10')).toBe('slp_2026-09');
  expect(id('sku_b', '2027-01')).toBe('slp_2026-11');
  expect(id('sku_a', '2026-09')).toBe('slp_2026-09');
  expect(id('sku_a', '2027-01')).toBe('slp_2026-10sku_a');
});
