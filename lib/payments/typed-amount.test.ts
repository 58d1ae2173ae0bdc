import { expect, test } from 'vitest';
import { typedFen } from './typed-amount.ts';

test.each([
  ['1234.5', 123_450n],
  ['1,234.50', 123_450n],
  ['12,345,678', 1_234_567_800n],
  ['0.01', 1n],
])('%s yuan are %s fen', (text, fen) => expect(typedFen(text)).toBe(fen));

test.each(['1,2,3', '12,34.5', '1,234,', ',123', '1.234,50', '1.005', '-5', '1e9', '', '１０', '5 '])(
  '%j is no amount',
  (text) => expect(typedFen(text)).toBeNull(),
);
