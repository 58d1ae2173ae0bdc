import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hash32, hashText, uniform } from './hash.ts';

describe('chance from keys', () => {
  test('is the same for ever: histories and identities hang on it', () => {
    expect([hash32(1, 2, 3), hash32(0), hashText('node-000'), uniform(1)]).toMatchInlineSnapshot(`
      [
        3531190139,
        2856213345,
        1164757667,
        0.5986603007186204,
      ]
    `);
  });

  test('depends on every key, its place, and its high half', () => {
    const seen = [hash32(1, 2), hash32(2, 1), hash32(1, 2, 0), hash32(1), hash32(1, 2 + 0x1_0000_0000)];
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('lies in [0, 1)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (keys) => {
        const value = uniform(...keys);
        expect(value >= 0 && value < 1).toBe(true);
      }),
    );
  });

  test('is even over counted keys: each tenth holds a tenth', () => {
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i += 1) {
      const tenth = Math.floor(uniform(7, i) * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  });
});
