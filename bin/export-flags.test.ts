import { expect, test } from 'vitest';
import { UsageError } from './bench/command-line.ts';
import { readExportFlags } from './export-flags.ts';

const read = (line: string) => readExportFlags(line.split(' '));

test.each([
  ['focus --version 1.2 --period 2026-11', 'focus-1.2'],
  ['focus --version 1.4 --dataset cost-and-usage --period 2026-11', 'focus-1.4'],
  ['focus --version 1.4 --dataset invoice-detail --period 2026-11', 'focus-1.4-invoice-detail'],
  ['focus --version 1.4 --dataset billing-period --period 2026-11', 'focus-1.4-billing-period'],
  ['usage-xlsx --period 2026-11', 'usage-xlsx'],
  ['statement-pdf --period 2026-11 --org org_1', 'statement-pdf'],
])('%s is %s', (line, kind) => expect(read(line)).toMatchObject({ kind, period: '2026-11', json: false }));

test.each([
  '',
  'nothing --period 2026-11',
  'focus --period 2026-11',
  'focus --version 1.3 --period 2026-11',
  'focus --version 1.2 --dataset invoice-detail --period 2026-11',
  'usage-csv --version 1.2 --period 2026-11',
  'usage-csv',
  'usage-csv detail --period 2026-11',
  'usage-csv --period 2026-11 --loud',
])('%j is a mistake', (line) => expect(() => read(line)).toThrow(UsageError));
