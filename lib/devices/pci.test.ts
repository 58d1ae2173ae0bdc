import { expect, test } from 'vitest';
import { normalisePciBusId } from './pci.ts';

test.each([
  ['00000000:08:00.0', '00000000:08:00.0'],
  ['0000:A8:00.0', '00000000:a8:00.0'],
  ['a8:00.0', '00000000:a8:00.0'],
  ['0001:a8:1f.7', '00000001:a8:1f.7'],
  ['a8:00', null],
  ['0000:a8:00.8', null],
  ['g8:00.0', null],
  ['', null],
])('bus id %j reads as %j', (text, expected) => expect(normalisePciBusId(text)).toBe(expected));
