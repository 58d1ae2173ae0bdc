import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS, type Instant, instant } from '#lib/core/instant.ts';
import { T0 } from './testing.ts';
import { addedUsage, fadedUsage, usageStep } from './usage.ts';

const hours = (count: number): Instant => instant(T0 + count * HOUR_MS);

test('usage counts half after seven days and a quarter after fourteen', () => {
  const usage = { cardSeconds: 1_000_000n, asOf: T0 };
  expect(fadedUsage(usage, hours(168))).toEqual({ cardSeconds: 500_000n, asOf: hours(168) });
  expect(fadedUsage(usage, hours(336)).cardSeconds).toBe(250_000n);
  expect(fadedUsage(usage, hours(84)).cardSeconds).toBe(707_106n);
});

test('usage fades by whole hours, so asking often changes nothing', () => {
  const usage = { cardSeconds: 1_000_000n, asOf: T0 };
  expect(fadedUsage(usage, instant(T0 + HOUR_MS - 1))).toEqual(usage);
  const inBetween = fadedUsage(usage, instant(T0 + 1.5 * HOUR_MS));
  // Each fading drops less than one card-second.
  expect(fadedUsage(inBetween, hours(2))).toEqual({ cardSeconds: 991_781n, asOf: hours(2) });
  expect(fadedUsage(usage, hours(2))).toEqual({ cardSeconds: 991_782n, asOf: hours(2) });
});

test('fading in two parts is fading at once, but for what rounding drops', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 15n), fc.nat(2_000), fc.nat(2_000), (cardSeconds, first, second) => {
      const usage = { cardSeconds, asOf: T0 };
      const apart = fadedUsage(fadedUsage(usage, hours(first)), hours(first + second)).cardSeconds;
      const atOnce = fadedUsage(usage, hours(first + second)).cardSeconds;
      const gap = apart > atOnce ? apart - atOnce : atOnce - apart;
      expect(gap).toBeLessThanOrEqual(2n + atOnce / 1_000_000n);
    }),
  );
});

test('what is added counts whole at its instant', () => {
  const usage = addedUsage({ cardSeconds: 1_000n, asOf: T0 }, 40n, hours(168));
  expect(usage).toEqual({ cardSeconds: 540n, asOf: hours(168) });
});

test('steps double with usage and shrink with the quota', () => {
  const step = (cardSeconds: bigint, quotaCards: number): number =>
    usageStep({ cardSeconds, asOf: T0 }, quotaCards, T0);
  expect(step(0n, 8)).toBe(0);
  expect(step(8n * 3_600n, 8)).toBe(16);
  expect(step(2n * 8n * 3_600n, 8)).toBe(17);
  expect(step(8n * 3_600n, 16)).toBe(15);
  expect(step(10n ** 30n, 8)).toBe(31);
  expect(step(1n, 0)).toBe(4);
});
