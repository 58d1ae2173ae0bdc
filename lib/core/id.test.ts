import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical.ts';
import { makeId, parseId } from './id.ts';

describe('ids', () => {
  const random = new Uint8Array(10).fill(255);

  test('carry their prefix and sort by time', () => {
    const early = makeId('reservation', 1_000, random);
    const late = makeId('reservation', 1_001, new Uint8Array(10));
    expect(early).toMatch(/^rsv_[0-9a-z]{26}$/);
    expect(early < late).toBe(true);
  });

  test.each(['inv_01', 'rsv_', 'rsv_A', 'rsv_a/b', "rsv_a'", `rsv_${'a'.repeat(49)}`, 'rsv'])(
    '%j is not a reservation id',
    (text) => expect(parseId('reservation', text)).toBeNull(),
  );
});

test('canonical JSON does not depend on the order of keys', () => {
  expect(canonicalJson({ b: 1n, a: [null, 'x', { d: 1, c: true }] })).toBe('{"a":[null,"x",{"c":true,"d":1}],"b":"1"}');
});
