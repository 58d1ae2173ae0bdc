import fc from 'fast-check';
import { expect, test } from 'vitest';
import { units } from '#lib/core/money.ts';
import {
  availabilityPpm,
  brokenSeconds,
  cashUnits,
  dueOf,
  missingUnits,
  NO_FIGURES,
  plusFigures,
  tierOf,
} from './credit.ts';
import type { Figures, Tier } from './types.ts';

const TABLE: readonly Tier[] = [
  { belowPpm: 999_000, creditBps: 1_000 },
  { belowPpm: 990_000, creditBps: 2_500 },
  { belowPpm: 950_000, creditBps: 10_000 },
];
const month = (usedSeconds: bigint, promisedSeconds: bigint, chargedUnits = 1_000_000n): Figures => ({
  ...NO_FIGURES,
  promisedSeconds,
  usedSeconds,
  downSeconds: promisedSeconds - usedSeconds,
  chargedUnits: units(chargedUnits),
});
const share = (used: bigint, promised: bigint) => tierOf(month(used, promised), TABLE)?.creditBps ?? 0;

test('a threshold is met to the card-second: exactly at it nothing is due, one second below it is', () => {
  expect(share(999_000n, 1_000_000n)).toBe(0);
  expect(share(998_999n, 1_000_000n)).toBe(1_000);
  expect(share(990_000n, 1_000_000n)).toBe(1_000);
  expect(share(989_999n, 1_000_000n)).toBe(2_500);
  expect(share(949_999n, 1_000_000n)).toBe(10_000);
  // 8 cards for 30 days: 20,736 of 20,736,000 card-seconds.
  expect(share(20_715_264n, 20_736_000n)).toBe(0);
  expect(share(20_715_263n, 20_736_000n)).toBe(1_000);
});

test('a credit is the share of what was paid in cash, what lies below a unit dropped', () => {
  const figures = { ...month(980n, 1_000n, 999_999n), voucherUnits: units(399_996n) };
  expect(cashUnits(figures)).toBe(600_003n);
  expect(dueOf(figures, TABLE)).toEqual({ tier: TABLE[1], dueUnits: 150_000n });
  expect(availabilityPpm(figures)).toBe(980_000);
});

test('nothing is due for nothing: without a promise, without a charge, or when vouchers paid it all', () => {
  expect(dueOf(NO_FIGURES, TABLE)).toBeNull();
  expect(availabilityPpm(NO_FIGURES)).toBeNull();
  expect(dueOf(month(0n, 1_000n, 0n), TABLE)).toBeNull();
  expect(dueOf({ ...month(900n, 1_000n), voucherUnits: units(1_000_000n) }, TABLE)).toBeNull();
  // A correction lowered the charge below what vouchers had paid.
  expect(dueOf({ ...month(900n, 1_000n), voucherUnits: units(1_000_001n) }, TABLE)).toBeNull();
});

test('announced maintenance is neither promised nor broken', () => {
  const figures = { ...month(900n, 1_000n), excludedSeconds: 100n };
  expect(brokenSeconds(figures)).toBe(0n);
  expect(dueOf(figures, TABLE)).toBeNull();
  expect(dueOf({ ...figures, excludedSeconds: 99n }, TABLE)?.tier.creditBps).toBe(1_000);
  expect(availabilityPpm({ ...month(0n, 1_000n), excludedSeconds: 1_000n })).toBeNull();
});

test('what was given is never taken back, and more is given by the difference', () => {
  const due = dueOf(month(900n, 1_000n), TABLE) ?? { tier: { belowPpm: 1, creditBps: 1 }, dueUnits: units(0n) };
  expect(missingUnits(due, units(250_000n))).toBe(750_000n);
  expect(missingUnits(due, units(1_000_000n))).toBe(0n);
  expect(missingUnits(due, units(1_000_001n))).toBe(0n);
});

const tables = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 10_000 })), {
    minLength: 1,
    maxLength: 6,
    comparator: (a, b) => a[0] === b[0] || a[1] === b[1],
  })
  .map((lines): Tier[] => {
    const below = lines.map(([ppm]) => ppm).sort((a, b) => b - a);
    const credit = lines.map(([, bps]) => bps).sort((a, b) => a - b);
    return below.map((belowPpm, i) => ({ belowPpm, creditBps: credit[i] ?? 1 }));
  });
const parts = fc
  .record({
    used: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    down: fc.bigInt({ min: 0n, max: 10n ** 8n }),
    unbound: fc.bigInt({ min: 0n, max: 10n ** 8n }),
    excluded: fc.bigInt({ min: 0n, max: 10n ** 8n }),
    charged: fc.bigInt({ min: 0n, max: 10n ** 16n }),
    vouchers: fc.bigInt({ min: 0n, max: 10n ** 16n }),
  })
  .map(
    ({ used, down, unbound, excluded, charged, vouchers }): Figures => ({
      promisedSeconds: used + down + unbound,
      excludedSeconds: excluded < down ? excluded : down,
      usedSeconds: used,
      downSeconds: down,
      chargedUnits: units(charged),
      voucherUnits: units(vouchers < charged ? vouchers : charged),
    }),
  );

test('however a month is split, the figures of its parts sum to its credit', () => {
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 12 }), fc.nat(11), tables, (split, at, table) => {
      const sum = (some: readonly Figures[]) => some.reduce(plusFigures, NO_FIGURES);
      const whole = sum(split);
      expect(dueOf(plusFigures(sum(split.slice(0, at)), sum(split.slice(at))), table)).toEqual(dueOf(whole, table));
      expect(brokenSeconds(whole)).toBe(split.map(brokenSeconds).reduce((a, b) => a + b, 0n));
    }),
  );
});

test('a credit is never above what was paid in cash, and its tier is the last that the seconds fall below', () => {
  fc.assert(
    fc.property(parts, tables, (figures, table) => {
      const due = dueOf(figures, table);
      const below = table.filter(
        ({ belowPpm }) =>
          figures.usedSeconds * 1_000_000n < BigInt(belowPpm) * (figures.promisedSeconds - figures.excludedSeconds),
      );
      const bps = below.reduce((most, { creditBps }) => Math.max(most, creditBps), 0);
      expect(due?.dueUnits ?? 0n).toBe((cashUnits(figures) * BigInt(bps)) / 10_000n);
      expect(due?.dueUnits ?? 0n).toBeLessThanOrEqual(cashUnits(figures));
    }),
  );
});

test('with more broken seconds no credit gets smaller', () => {
  fc.assert(
    fc.property(parts, fc.bigInt({ min: 0n, max: 10n ** 9n }), tables, (figures, more, table) => {
      const moved = more < figures.usedSeconds ? more : figures.usedSeconds;
      const worse = {
        ...figures,
        usedSeconds: figures.usedSeconds - moved,
        downSeconds: figures.downSeconds + moved,
      };
      expect(dueOf(worse, table)?.dueUnits ?? 0n).toBeGreaterThanOrEqual(dueOf(figures, table)?.dueUnits ?? 0n);
    }),
  );
});
