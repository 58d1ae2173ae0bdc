import { describe, expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { units } from '#lib/core/money.ts';
import { areTermsSound, readCode, stateOf } from './programme.ts';
import type { ProgrammeTerms } from './types.ts';

const NOW = instant(1_000);
const TERMS: ProgrammeTerms = {
  name: '算力券',
  issuerKind: 'public-body',
  issuerName: '示例市',
  terms: '一次性使用',
  siteIds: [],
  modelIds: [],
  purchases: [],
  faceUnits: units(100_00000000n),
  budgetUnits: units(1_000_00000000n),
  priority: 10,
  validFrom: instant(0),
  validUntil: instant(2_000),
};

describe('the terms of a programme', () => {
  test('are sound when all is', () => expect(areTermsSound(TERMS, NOW)).toBe(true));

  const wrong: readonly (readonly [what: string, change: Partial<ProgrammeTerms>])[] = [
    ['no name', { name: ' ' }],
    ['a name that is too long', { name: 'x'.repeat(81) }],
    ['no terms', { terms: '' }],
    ['a face of nothing', { faceUnits: units(0n) }],
    ['parts of a fen', { faceUnits: units(1n) }],
    ['a budget below one voucher', { budgetUnits: units(99_00000000n) }],
    ['a budget beyond reason', { budgetUnits: units(10n ** 18n + 1_000_000n) }],
    ['priority 0', { priority: 0 }],
    ['half a priority', { priority: 1.5 }],
    ['an end before its begin', { validFrom: instant(2_000) }],
    ['an end that is past', { validUntil: instant(1_000) }],
  ];
  for (const [what, change] of wrong)
    test(`are refused with ${what}`, () => expect(areTermsSound({ ...TERMS, ...change }, NOW)).toBe(false));
});

test.each([
  ['k7qa-9ttx-3hmr-eecw', 'K7QA9TTX3HMREECW'],
  [' Ｋ７ＱＡ 9ttx—3hmr_eecw\n', 'K7QA9TTX3HMREECW'],
  ['---', ''],
])('the code %j is read as %j', (text, code) => expect(readCode(text)).toBe(code));

test.each([
  [{ validFrom: 0, validUntil: 2_000, left: 1 }, 'live'],
  [{ validFrom: 0, validUntil: 2_000, left: 0 }, 'spent'],
  [{ validFrom: 1_500, validUntil: 2_000, left: 1 }, 'upcoming'],
  [{ validFrom: 0, validUntil: 1_000, left: 1 }, 'expired'],
] as const)('a voucher of %j is %s', ({ validFrom, validUntil, left }, state) => {
  const voucher = { validFrom: instant(validFrom), validUntil: instant(validUntil), leftUnits: units(BigInt(left)) };
  expect(stateOf(voucher, NOW)).toBe(state);
});
