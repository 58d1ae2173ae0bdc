import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SELLER } from '#lib/billing/seller.ts';
import { normaliseTaxId, usccProblem } from './uscc.ts';

const VALID = [
  '91350100M000100Y43',
  '91440300708461136T',
  '91330100799655058B',
  '91140100767144608G',
  '91110108551385082Q',
];

test.each(VALID)('%s is right', (code) => expect(usccProblem(code)).toBeNull());

test('our own tax id is right, and nobody takes it for more than an example', () => {
  expect(usccProblem(SELLER.taxId)).toBeNull();
  expect(SELLER.taxId).toContain('EXAMPLE');
});

test.each([
  ['91350100M000100Y4Z', 'characters'],
  ['9135O100M000100Y43', 'characters'],
  ['91350100M000100Y4', 'length'],
  ['91350100M000100Y433', 'length'],
  ['', 'length'],
  // The letter values of a naive check, charCode − 55, give J at the end.
  ['91350100M000100Y4J', 'check'],
  ['91350100M000100Y53', 'organisationCheck'],
] as const)('%j is wrong by its %s', (code, problem) => expect(usccProblem(code)).toBe(problem));

test('91310000MA1FL70B5B is wrong', () => expect(usccProblem('91310000MA1FL70B5B')).not.toBeNull());

test('a check of 31 wraps to 0, and one of 10 in the organisation code is X', () => {
  const ends = (prefix: string) =>
    [...'0123456789ABCDEFGHJKLMNPQRTUWXY'].filter((end) => usccProblem(`${prefix}${end}`) === null);
  const found = Array.from({ length: 300 }, (_, i) => {
    const eight = `${10_000_000 + i * 37}`;
    const nine = [...'0123456789X'].find((check) => ends(`91350100${eight}${check}`).length > 0) ?? '?';
    return { nine, ends: ends(`91350100${eight}${nine}`) };
  });
  expect(found.every(({ ends: each }) => each.length === 1)).toBe(true);
  expect(found.some(({ ends: [end] }) => end === '0')).toBe(true);
  expect(found.some(({ nine }) => nine === 'X')).toBe(true);
  expect(found.some(({ nine }) => nine === '0')).toBe(true);
});

test('one wrong character, or two neighbours changed about, is found', () => {
  for (const code of VALID)
    for (let i = 0; i < 18; i += 1) {
      const wrong = code[i] === '7' ? '8' : '7';
      expect(usccProblem(code.slice(0, i) + wrong + code.slice(i + 1)), `${code} at ${i}`).not.toBeNull();
      const swapped = code.slice(0, i) + (code[i + 1] ?? '') + (code[i] ?? '') + code.slice(i + 2);
      if (swapped !== code) expect(usccProblem(swapped), swapped).not.toBeNull();
    }
});

test.each([
  ' 91350100 m000100y43 ',
  '９１３５０１００Ｍ０００１００Ｙ４３',
  '91350100-M000100Y4-3',
  '91350100\u00a0M000100Y43\u200b',
])('%j is typed for 91350100M000100Y43', (typed) => expect(normaliseTaxId(typed)).toBe('91350100M000100Y43'));

const VECTORS = new URL('../../../shared/data/billing/test_vectors.json', import.meta.url);
test.skipIf(!existsSync(VECTORS))('the published vectors agree (they lie beside the repository)', () => {
  const { uscc } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { uscc: { valid: string[]; invalid: string[] } };
  expect(uscc.valid.filter((code) => usccProblem(code) !== null)).toEqual([]);
  expect(uscc.invalid.filter((code) => usccProblem(code) === null)).toEqual([]);
});
