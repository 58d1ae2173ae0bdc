import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { MINUTE_MS, plusMs, plusSeconds } from '#lib/core/instant.ts';
import { findProfile } from '../profiles.ts';
import { at } from '../testing.ts';
import { celsiusAt, energyJoulesAt, nextSegment, noiseAt, powerWattsAt, restingSegment } from './physics.ts';

const { figures } = present(findProfile('zw810e'), 'zw810e');
const START = at('2026-11-21T06:00:00Z');
const KEY = 12_345;
const resting = restingSegment(figures, KEY, START);
const busy = nextSegment(figures, KEY, resting, { at: START, meanPowerW: 400, hotC: null });

describe('an idle card', () => {
  test('draws and warms as the recorded ones did: 62 to 97 W, 31 to 37 °C', () => {
    for (let key = 0; key < 500; key += 1) {
      const segment = restingSegment(figures, key, START);
      expect(segment.meanPowerW).toBeGreaterThanOrEqual(62);
      expect(segment.meanPowerW).toBeLessThanOrEqual(97);
      expect(Math.round(celsiusAt(figures, segment, START))).toBeGreaterThanOrEqual(31);
      expect(Math.round(celsiusAt(figures, segment, START))).toBeLessThanOrEqual(37);
    }
  });
});

describe('a card at full load', () => {
  test('has covered 63 % of the way to its final temperature after one time constant', () => {
    const way = (celsiusAt(figures, busy, plusSeconds(START, 60)) - busy.startC) / (busy.endC - busy.startC);
    expect(way).toBeCloseTo(1 - Math.exp(-1), 9);
  });

  test('ends below the slowdown threshold, as long as nothing is wrong with its cooling', () => {
    expect(celsiusAt(figures, busy, plusMs(START, 60 * MINUTE_MS))).toBeLessThan(figures.slowdownC);
  });
});

test('temperature is continuous over a change of load', () => {
  const changeAt = plusSeconds(START, 37);
  const next = nextSegment(figures, KEY, busy, { at: changeAt, meanPowerW: 90, hotC: null });
  expect(celsiusAt(figures, next, changeAt)).toBeCloseTo(celsiusAt(figures, busy, changeAt), 9);
});

test('energy is the integral of power, over any stretch and over changes of load', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), (first, second) => {
      const changeAt = plusSeconds(START, first);
      const later = nextSegment(figures, KEY, busy, { at: changeAt, meanPowerW: 120, hotC: null });
      let joules = 0;
      for (let ms = 50; ms < first * 1_000; ms += 100) joules += powerWattsAt(busy, KEY, plusMs(START, ms)) / 10;
      for (let ms = 50; ms < second * 1_000; ms += 100) joules += powerWattsAt(later, KEY, plusMs(changeAt, ms)) / 10;
      const counted = energyJoulesAt(later, KEY, plusSeconds(changeAt, second)) - energyJoulesAt(busy, KEY, START);
      expect(Math.abs(counted - joules)).toBeLessThan(0.01);
    }),
    { numRuns: 30 },
  );
});

test('noise is small, and the same for two looks within five seconds', () => {
  expect(noiseAt(KEY, 1, START)).toBe(noiseAt(KEY, 1, plusMs(START, 4_999)));
  expect(noiseAt(KEY, 1, START)).not.toBe(noiseAt(KEY, 1, plusMs(START, 5_000)));
  expect(Math.abs(noiseAt(KEY, 1, START))).toBeLessThanOrEqual(1);
});
