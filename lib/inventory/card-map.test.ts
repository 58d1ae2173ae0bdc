import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionIn, decodeCell, encodeCell, packBytes, unpackBytes } from './card-map.ts';

test('a cell keeps its condition and its marks', () => {
  const states = {
    health: 'degraded',
    takesNewWork: true,
    isOnProbation: false,
    lifecycle: 'cordoned',
    commercial: 'on-sale',
    holder: 'running',
  } as const;
  expect(decodeCell(encodeCell(states))).toEqual({
    condition: 'inUse',
    isTakenOut: true,
    isHeld: true,
    isDegraded: true,
  });
  expect(decodeCell(encodeCell({ ...states, health: 'unhealthy' }))).toMatchObject({
    condition: 'unhealthy',
    isHeld: true,
    isDegraded: false,
  });
});

test('a byte that means nothing is unknown', () => expect(conditionIn(15)).toBe('unknown'));

test('bytes survive the way to the browser, 10,000 of them in 14 KB', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      expect(unpackBytes(packBytes(bytes))).toEqual(bytes);
    }),
  );
  expect(packBytes(new Uint8Array(10_000)).length).toBeLessThan(14_000);
});
