import { describe, expect, test } from 'vitest';
import { DriverCode } from '../types.ts';
import { parseToolCsv, quantityOf, toolCsvHeader } from './csv.ts';

const UNKNOWN = expect.objectContaining({ code: DriverCode.UNKNOWN });

describe('a table of a tool', () => {
  test('is read by canonical key, with units in the header and null for what is not supported', () => {
    const text = 'index, memory.total [MiB], power.draw [W]\n0, 98304 MiB, 83.03 W\n1, 98304 MiB, N/A\n';
    const rows = parseToolCsv(text, ['index', 'memory.total', 'power.draw']);
    expect(rows.map((row) => [...row])).toEqual([
      [
        ['index', '0'],
        ['memory.total', '98304 MiB'],
        ['power.draw', '83.03 W'],
      ],
      [
        ['index', '1'],
        ['memory.total', '98304 MiB'],
        ['power.draw', null],
      ],
    ]);
  });

  test('keeps the separator in its last cell', () => {
    const [row] = parseToolCsv('pid, process_name\n7, python train.py --size 1, 2\n', ['pid', 'process_name']);
    expect(row?.get('process_name')).toBe('python train.py --size 1, 2');
  });

  test('may end in an empty cell', () => {
    const [row] = parseToolCsv('pid, process_name\n7, \n', ['pid', 'process_name']);
    expect(row?.get('process_name')).toBe('');
  });

  test('names its columns by canonical key, whatever was asked for', () => {
    expect(toolCsvHeader('utilization.ppu [%], pci.bus_id\n')).toEqual(['utilization.ppu', 'pci.bus_id']);
  });

  test('may have no rows', () => expect(parseToolCsv('pid\n', ['pid'])).toEqual([]));

  test.each([
    ['', 'nothing'],
    ['index, uuid\n0\n', 'a short row'],
    ['index, uuid\n0, GPU-1', 'no end of line'],
    ['index\n0\n', 'a missing key'],
    ['init HGML error: driver is not loaded\n', 'a sentence'],
  ])('is refused for %j: %s', (text) => {
    expect(() => parseToolCsv(text, ['index', 'uuid'])).toThrow(UNKNOWN);
  });
});

describe('a quantity', () => {
  test.each([
    ['83.03 W', 'W', 83.03],
    ['0 %', '%', 0],
    ['27', 'C', 27],
    [null, 'W', null],
  ] as const)('%j in %s is %j', (cell, unit, value) => expect(quantityOf(cell, unit)).toBe(value));

  test.each(['83.03 mW', 'W', '', 'NaN W', '1e3 W', '[Unknown Error]'])('%j is no power', (cell) => {
    expect(() => quantityOf(cell, 'W')).toThrow(UNKNOWN);
  });
});
