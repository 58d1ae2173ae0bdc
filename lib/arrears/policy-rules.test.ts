import { expect, test } from 'vitest';
import { isForOnePerson, isInRange } from './policy-rules.ts';

const TERMS = { firstWarningHours: 24, lastWarningHours: 1, graceSeconds: 7_200, retentionDays: 15 };

test.each([
  { lastWarningHours: 0 },
  { firstWarningHours: 1 },
  { firstWarningHours: 169 },
  { graceSeconds: -3_600 },
  { graceSeconds: 73 * 3_600 },
  { graceSeconds: 1_800 },
  { graceSeconds: Number.NaN },
  { retentionDays: 0 },
  { retentionDays: 91 },
])('%j is out of range', (change) => expect(isInRange({ ...TERMS, ...change })).toBe(false));

test('the operator’s terms are in range, and so is no grace at all', () => {
  expect(isInRange(TERMS)).toBe(true);
  expect(isInRange({ ...TERMS, graceSeconds: 0 })).toBe(true);
});

test('one person gives more grace up to six hours; less of it, or anything else, takes two', () => {
  expect(isForOnePerson({ ...TERMS, graceSeconds: 6 * 3_600 }, TERMS)).toBe(true);
  expect(isForOnePerson({ ...TERMS, graceSeconds: 7 * 3_600 }, TERMS)).toBe(false);
  expect(isForOnePerson({ ...TERMS, graceSeconds: 3_600 }, TERMS)).toBe(false);
  expect(isForOnePerson({ ...TERMS, graceSeconds: 6 * 3_600, retentionDays: 16 }, TERMS)).toBe(false);
});
