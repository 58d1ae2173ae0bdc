import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { poissonInterval } from './poisson.ts';

describe('the central 99 % interval of a Poisson variable', () => {
  test.each([
    [0, 0, 0],
    [1, 0, 4],
    [10, 3, 19],
    [100, 75, 127],
  ])('of mean %d is %d to %d, as tables have it', (mean, low, high) => {
    expect(poissonInterval(mean, 0.99)).toEqual({ low, high });
  });

  test('of a great mean is that of the normal law, to a count or two', () => {
    const { low, high } = poissonInterval(1e6, 0.99);
    expect(Math.abs(low - (1e6 - 2_575.8))).toBeLessThan(3);
    expect(Math.abs(high - (1e6 + 2_575.8))).toBeLessThan(3);
  });

  test('leaves at most half a hundredth on either side, and would leave more if it were narrower', () => {
    const below = (mean: number, count: number): number => {
      let weight = Math.exp(-mean);
      let sum = 0;
      for (let k = 0; k < count; k += 1) {
        sum += weight;
        weight *= mean / (k + 1);
      }
      return sum;
    };
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), (mean) => {
        const { low, high } = poissonInterval(mean, 0.99);
        expect(below(mean, low)).toBeLessThanOrEqual(0.005 + 1e-12);
        expect(below(mean, low + 1)).toBeGreaterThan(0.005 - 1e-12);
        expect(1 - below(mean, high + 1)).toBeLessThanOrEqual(0.005 + 1e-12);
        expect(1 - below(mean, high)).toBeGreaterThan(0.005 - 1e-12);
      }),
    );
  });
});
