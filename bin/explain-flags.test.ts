import { expect, test } from 'vitest';
import { UsageError } from './bench/command-line.ts';
import { readExplainFlags } from './explain-flags.ts';

const read = (line: string) => readExplainFlags(line.split(' '));

test('an invoice and one of its lines are explained', () => {
  expect(read('--invoice inv_1 --line 12 --out a.json')).toEqual({
    invoiceId: 'inv_1',
    line: 12,
    journal: null,
    out: 'a.json',
    database: null,
    json: false,
  });
});

test('a journal is explained by its number', () => {
  expect(read('--journal 42 --json')).toEqual({ journal: '42', out: null, database: null, json: true });
});

test.each([
  '',
  '--invoice inv_1',
  '--line 1',
  '--invoice inv_1 --line 0',
  '--invoice inv_1 --line x',
  '--invoice inv_1 --line 1 more',
  '--journal x',
  '--journal 1 --line 1',
])('%j is a mistake', (line) => expect(() => read(line)).toThrow(UsageError));
