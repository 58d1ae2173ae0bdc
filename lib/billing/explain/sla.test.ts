import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idFrom } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { dueOf } from '#lib/sla/credit.ts';
import type { FoundCredit } from '#lib/sla/types.ts';
import { slaEquations } from './sla.ts';

const CREDIT: FoundCredit = {
  id: idFrom('compensation', 'cmp_1'),
  reservationId: idFrom('reservation', 'rsv_1'),
  organisationId: idFrom('organisation', 'org_1'),
  skuId: idFrom('sku', 'sku_1'),
  month: '2026-11' as Month,
  revision: 1,
  policyId: idFrom('slaPolicy', 'slp_1'),
  promisedSeconds: 1_000n,
  excludedSeconds: 10n,
  usedSeconds: 970n,
  downSeconds: 30n,
  chargedUnits: units(1_000_003n),
  voucherUnits: units(200_000n),
  tier: { belowPpm: 990_000, creditBps: 2_500 },
  dueUnits: units(200_000n),
  amountUnits: units(120_000n),
  owedUnits: units(0n),
  givenBeforeUnits: units(80_000n),
  journalKey: 'sla:cmp_1',
  effectiveAt: instant(0),
  givenAt: instant(0),
};
const broken = (credit: FoundCredit, posted: bigint = credit.amountUnits) =>
  slaEquations(credit, posted)
    .filter(({ holds }) => !holds)
    .map(({ rule }) => rule);

test('every step from the seconds to the wallet holds', () => {
  expect(slaEquations(CREDIT, 120_000n).map(({ rule }) => rule)).toEqual([
    'slaLine',
    'slaDue',
    'slaMissing',
    'slaPosted',
  ]);
  expect(broken(CREDIT)).toEqual([]);
});

test.each<[string, Partial<FoundCredit>, string[]]>([
  ['seconds that fall below no line', { usedSeconds: 981n }, ['slaLine']],
  ['another charge', { chargedUnits: units(1_000_004n) }, ['slaDue']],
  ['something given before', { givenBeforeUnits: units(80_001n) }, ['slaMissing']],
])('%s is found', (_, change, expected) => {
  expect(broken({ ...CREDIT, ...change })).toEqual(expected);
});

test('another amount in the wallet is found', () => {
  expect(broken(CREDIT, 119_999n)).toEqual(['slaPosted']);
});

test('what the rule gives holds, whatever the figures', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 9n }),
      fc.bigInt({ min: 0n, max: 10n ** 8n }),
      fc.bigInt({ min: 0n, max: 10n ** 16n }),
      (usedSeconds, downSeconds, charged) => {
        const figures = {
          ...CREDIT,
          usedSeconds,
          downSeconds,
          promisedSeconds: usedSeconds + downSeconds,
          excludedSeconds: 0n,
          chargedUnits: units(charged),
          voucherUnits: units(0n),
        };
        const due = dueOf(figures, [CREDIT.tier]);
        if (due === null) return;
        expect(broken({ ...figures, ...due, amountUnits: due.dueUnits, givenBeforeUnits: units(0n) })).toEqual([]);
      },
    ),
  );
});
