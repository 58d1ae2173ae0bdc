import { expect, test } from 'vitest';
import { units } from '#lib/core/money.ts';
import { kindOf, readPeriod } from './period.ts';

test('a period is a day or a month of Beijing, half open', () => {
  expect(readPeriod('2026-11')).toEqual({
    startAt: Date.parse('2026-10-31T16:00:00Z'),
    endAt: Date.parse('2026-11-30T16:00:00Z'),
  });
  expect(readPeriod('2026-11-30')).toEqual({
    startAt: Date.parse('2026-11-29T16:00:00Z'),
    endAt: Date.parse('2026-11-30T16:00:00Z'),
  });
});

test.each(['', '2026', '2026-13', '2026-02-30', '2026-11-21T00:00', "' OR 1=1"])('%j is no period', (text) => {
  expect(readPeriod(text)).toBeNull();
});

test('a difference says which side lacks what', () => {
  expect(kindOf({ rowUnits: units(1n), journalUnits: null })).toBe('journalMissing');
  expect(kindOf({ rowUnits: null, journalUnits: units(1n) })).toBe('rowMissing');
  expect(kindOf({ rowUnits: units(1n), journalUnits: units(2n) })).toBe('amountDiffers');
});
