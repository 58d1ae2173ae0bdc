import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { findProfile } from '../profiles.ts';
import { hopMatrix } from '../hop-matrix.ts';
import { type Wiring, wiringOf } from './wiring.ts';

const zw810e = present(findProfile('zw810e'), 'zw810e');
const m890 = present(findProfile('m890'), 'm890');

function bondsOf(wiring: Wiring): number[][] {
  return wiring.map((own) =>
    wiring.map((_, slot) => own.filter((end) => end !== null && end !== 'switch' && end.slot === slot).length),
  );
}

const BOX = new URL('../../../../shared/data/device/icn_topology_8ppu.json', import.meta.url);
const isAbsent = !existsSync(BOX);

test.skipIf(isAbsent)(
  isAbsent ? 'SKIPPED: no ../shared/data to compare with' : 'eight cards are wired as in the vendor’s manual',
  () => {
    const { matrix, icnHops } = JSON.parse(readFileSync(BOX, 'utf8')) as { matrix: string[][]; icnHops: number[][] };
    const bonds = bondsOf(wiringOf(zw810e, 8));
    expect(bonds).toEqual(matrix.map((row) => row.map((cell) => (cell.startsWith('ICN') ? Number(cell.slice(3)) : 0))));
    expect(hopMatrix(bonds)).toEqual(icnHops);
  },
);

describe.each([1, 2, 8, 16])('%i cards of the 810E', (slots) => {
  const wiring = wiringOf(zw810e, slots);

  test('have seven ports each, and every wire has two ends that name each other', () => {
    for (const [slot, own] of wiring.entries()) {
      expect(own).toHaveLength(7);
      for (const [link, end] of own.entries()) {
        if (end === null || end === 'switch') continue;
        expect(wiring[end.slot]?.[end.link]).toEqual({ slot, link });
      }
    }
  });
});

test('sixteen cards use every port and reach each other within three hops', () => {
  const bonds = bondsOf(wiringOf(zw810e, 16));
  expect(bonds.map((row) => row.reduce((a, b) => a + b, 0))).toEqual(new Array(16).fill(7));
  expect(Math.max(...hopMatrix(bonds).flat())).toBe(3);
});

test('the M890 joins every port to its switch', () => {
  expect(wiringOf(m890, 8)).toEqual(new Array(8).fill(new Array(8).fill('switch')));
});

test('cards that no wire reaches are -1 hops apart', () => {
  expect(
    hopMatrix([
      [0, 0],
      [0, 0],
    ]),
  ).toEqual([
    [0, -1],
    [-1, 0],
  ]);
});
