import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '#lib/core/assert.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { sumUnits, units } from '#lib/core/money.ts';
import type { Month } from '#lib/core/period.ts';
import { byBandOf, dueAtOf, dueDaysAt, openItems } from './ageing.ts';
import type { Owed } from './types.ts';

const at = (iso: string): Instant => instant(Date.parse(iso));
const owed = (month: string, yuan: bigint, dueAt: string | null): Owed => ({
  month: month as Month,
  amountUnits: units(yuan),
  invoice: null,
  dueAt: dueAt === null ? null : at(dueAt),
});

describe('the due date', () => {
  test('is so many days of Beijing after the day of issue, whatever its hour', () => {
    expect(dueAtOf(at('2026-12-02T15:59:59Z'), 30)).toBe(at('2026-12-31T16:00:00Z'));
    expect(dueAtOf(at('2026-12-02T16:00:00Z'), 30)).toBe(at('2027-01-01T16:00:00Z'));
    expect(dueAtOf(at('2026-12-02T04:00:00Z'), 0)).toBe(at('2026-12-01T16:00:00Z'));
  });

  test('follows the terms that were set before the issue, and 30 days without any', () => {
    const terms = [
      { days: 15, setAt: at('2026-11-01T00:00:00Z') },
      { days: 60, setAt: at('2026-12-01T00:00:00Z') },
    ];
    expect(dueDaysAt(terms, at('2026-10-31T00:00:00Z'))).toBe(30);
    expect(dueDaysAt(terms, at('2026-11-30T00:00:00Z'))).toBe(15);
    expect(dueDaysAt(terms, at('2026-12-01T00:00:00Z'))).toBe(60);
  });
});

describe('what is open', () => {
  const DUE = '2026-12-31T16:00:00Z';

  test.each([
    ['2027-01-01T15:59:59.999Z', 'notDue', 0],
    ['2027-01-01T16:00:00Z', 'days1To30', 1],
    ['2027-01-31T15:59:59Z', 'days1To30', 30],
    ['2027-01-31T16:00:00Z', 'days31To60', 31],
    ['2027-03-02T15:59:59Z', 'days31To60', 60],
    ['2027-03-02T16:00:00Z', 'days61To90', 61],
    ['2027-04-01T15:59:59Z', 'days61To90', 90],
    ['2027-04-01T16:00:00Z', 'over90', 91],
  ])('at %s is %s', (now, band, late) => {
    expect(openItems([owed('2026-11', 5n, DUE)], units(0n), at(now))).toMatchObject([{ band, daysLate: late }]);
  });

  test('is what receipts leave, the oldest month paid first, and is not due before its invoice', () => {
    const items = [owed('2027-01', 7n, null), owed('2026-11', 10n, DUE), owed('2026-12', 20n, '2027-01-31T16:00:00Z')];
    const open = openItems(items, units(13n), at('2027-02-10T00:00:00Z'));
    expect(open.map(({ month, leftUnits, band }) => [month, leftUnits, band])).toEqual([
      ['2026-12', 17n, 'days1To30'],
      ['2027-01', 7n, 'notDue'],
    ]);
    expect(byBandOf(open)).toEqual({ notDue: 7n, days1To30: 17n, days31To60: 0n, days61To90: 0n, over90: 0n });
  });

  test('sums to what was owed less what was received', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 1n, max: 1000n }), { maxLength: 24 }), fc.nat(100), (amounts, share) => {
        const items = amounts.map((amount, i) => owed(`2026-${`${i}`.padStart(2, '0')}`, amount, DUE));
        const total = amounts.reduce((a, b) => a + b, 0n);
        const received = units((total * BigInt(share)) / 100n);
        const open = openItems(items, received, at('2027-02-10T00:00:00Z'));
        expect(sumUnits(open.map(({ leftUnits }) => leftUnits))).toBe(total - received);
        expect(sumUnits(Object.values(byBandOf(open)))).toBe(total - received);
      }),
      { seed: 23 },
    );
  });

  test('is never less than nothing', () => {
    expect(() => openItems([owed('2026-11', 5n, DUE)], units(6n), at(DUE))).toThrow(InvariantError);
  });
});
