import { expect, test } from 'vitest';
import { familyHead, labelText, seriesLine } from './exposition.ts';
import { parseExposition } from './testing-exposition.ts';

test('any text in a label or a help comes back as it was', () => {
  const nasty = 'a "quoted" \\ back\\nslash\nnew line {x="1"} # 真武, ';
  const text =
    familyHead({ name: 'a_b:c', type: 'gauge', help: `so\n${nasty}` }) +
    seriesLine('a_b:c', labelText({ x: nasty, y: 'plain' }), 1.5);
  const family = parseExposition(text).get('a_b:c');
  expect(family?.help).toBe(`so\n${nasty}`);
  expect(family?.series).toEqual([{ labels: { x: nasty, y: 'plain' }, value: 1.5 }]);
});

test('an empty label is no label, and a series without labels has no braces', () => {
  expect(labelText({ gpu: '', UUID: 'GPU-1' })).toBe('UUID="GPU-1"');
  expect(seriesLine('up', '', 1)).toBe('up 1\n');
  expect(seriesLine('up', 'a="b"', 1)).toBe('up{a="b"} 1\n');
});

test.each([0, 1, 98_304, 62.123, 1e21, 5e-7, Number.MAX_SAFE_INTEGER])('%d is read back exactly', (value) => {
  const text = familyHead({ name: 'x', type: 'counter', help: 'X.' }) + seriesLine('x', '', value);
  expect(parseExposition(text).get('x')?.series[0]?.value).toBe(value);
});

test.each([
  ['# HELP a A.\n# TYPE a gauge\na 1', 'newline'],
  ['# TYPE a gauge\na 1\n', 'TYPE'],
  ['# HELP a A.\n# TYPE a gauge\na 1\na 1\n', 'twice'],
  ['# HELP a A.\n# TYPE a gauge\na 1\n# HELP b B.\n# TYPE b gauge\nb 1\na{x="2"} 1\n', 'not a series of b'],
  ['# HELP a A.\n# TYPE a gauge\na NaN\n', 'not a number'],
  ['# HELP a A.\n# TYPE a gauge\na{x="1"y="2"} 1\n', 'labels'],
  ['# HELP a A.\n# TYPE a gauge\na{x="\\q"} 1\n', 'labels'],
])('the tests’ own reader refuses %j', (text, reason) => {
  expect(() => parseExposition(text)).toThrow(reason);
});
