import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { present } from '#lib/core/assert.ts';
import { parseInstant } from '#lib/core/instant.ts';
import { busyMonth } from '../focus/testing-month.ts';
import { unzip, workbookSheets } from './testing-unzip.ts';
import { invoiceWorkbook } from './invoice-xlsx.ts';
import { snapshotWith } from './testing.ts';
import { type UsageTally, usageWorkbook } from './usage-xlsx.ts';
import { beijingCell, type Cell, columnName, text, workbook } from './xlsx.ts';
import { zip } from './zip.ts';

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const sheetWith = (rows: readonly (readonly Cell[])[]) => ({ name: 'S', widths: [10], head: ['H'], rows: [rows] });
const cellsOf = async (cells: readonly Cell[]) =>
  workbookSheets(await bytesOf(workbook('t', [sheetWith([cells])])))
    .get('S')
    ?.at(1);

describe('an archive', () => {
  test('holds what was put in, of any length, and is the same however the text came in parts', async () => {
    const long = '卡时,'.repeat(200_000);
    const whole = await bytesOf(
      zip([
        { name: 'a.txt', parts: [long] },
        { name: '空.txt', parts: [] },
      ]),
    );
    expect([...unzip(whole)]).toEqual([
      ['a.txt', long],
      ['空.txt', ''],
    ]);
    const cut = long.match(/.{1,99991}/gs) ?? [];
    const parted = await bytesOf(
      zip([
        { name: 'a.txt', parts: cut },
        { name: '空.txt', parts: ['', ''] },
      ]),
    );
    expect(sha256(parted)).toBe(sha256(whole));
  });

  test('keeps a block of a long text at a time', async () => {
    let largest = 0;
    for await (const part of zip([{ name: 'a', parts: [Buffer.alloc(2_000_000, 'x').toString()] }])) {
      largest = Math.max(largest, part.length);
    }
    const noise = Array.from({ length: 20_000 }, (_, i) => `${i ** 3 % 99_991},${(i * 7_919) % 104_729};`).join('');
    const parts: number[] = [];
    for await (const part of zip([{ name: 'b', parts: [noise.repeat(5)] }])) parts.push(part.length);
    expect(largest).toBeLessThan(10_000);
    expect(parts.length).toBeGreaterThan(6);
  });

  test('breaks off with the reason when one of its parts cannot be made', async () => {
    const parts = (async function* failing() {
      yield 'x'.repeat(300_000);
      throw new Error('no more rows');
    })();
    await expect(bytesOf(zip([{ name: 'a', parts }]))).rejects.toThrow('no more rows');
  });
});

describe('a workbook', () => {
  test.each(['=1+1', '+1', '@x', "=cmd|' /C calc'!A0", '<b>&"', 'a\r\nb', '1e5', '00012', ' x ', '𠮷'])(
    'keeps the text %j as text',
    async (value) => expect(await cellsOf([text(value)])).toEqual({ A: { text: value, isNumber: false } }),
  );

  test('writes no markup of names into its own', async () => {
    const bytes = await bytesOf(workbook('<t>', [{ ...sheetWith([[text('</t><b a="1">&amp;')]]), name: '<S>' }]));
    const files = unzip(bytes);
    expect(files.get('xl/worksheets/sheet1.xml')).toContain('&lt;/t&gt;&lt;b a=&quot;1&quot;&gt;&amp;amp;</t>');
    expect(files.get('xl/workbook.xml')).toContain('name="&lt;S&gt;"');
    expect(files.get('docProps/core.xml')).toContain('<dc:title>&lt;t&gt;</dc:title>');
  });

  test('has no character that its form cannot hold', async () => {
    expect((await cellsOf([text('a\u0000b\u001bc\ud800')]))?.['A']?.text).toBe('a b c\ufffd');
  });

  test('writes numbers with every digit', async () => {
    expect(
      await cellsOf([{ number: '-92233720368.54775808', look: 'units' }, null, { number: '0.06', look: 'price' }]),
    ).toEqual({
      A: { text: '-92233720368.54775808', isNumber: true },
      C: { text: '0.06', isNumber: true },
    });
  });

  test.each([
    ['1970-01-01T00:00:00Z', '25569.333333333'],
    ['2026-10-31T16:00:00Z', '46327.000000000'],
    ['2026-10-31T15:59:59.999Z', '46326.999999988'],
  ])('%s stands in Beijing as day %s', (iso, number) =>
    expect(beijingCell(present(parseInstant(iso), iso))).toEqual({ number, look: 'time' }),
  );

  test('names its columns as spreadsheets do', () =>
    expect([0, 25, 26, 51, 52, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']));
});

describe('the workbook of usage', () => {
  const { charges } = busyMonth(6);
  const write = async (pages: readonly (typeof charges)[], rowsPerSheet: number) => {
    const tally: UsageTally = { rows: 0, usedSeconds: 0n, unusedSeconds: 0n, downSeconds: 0n, amountUnits: 0n };
    const source = (async function* each() {
      yield* pages;
    })();
    const control = (sums: UsageTally) => [{ label: 'rows', count: sums.rows }];
    const bytes = await bytesOf(usageWorkbook('t', source, control, tally, rowsPerSheet));
    return { bytes, tally, sheets: workbookSheets(bytes) };
  };

  test('goes on in another sheet where one is full, and loses no row', async () => {
    const { sheets, tally } = await write([charges.slice(0, 5), charges.slice(5)], 4);
    const usage = [...sheets].filter(([name]) => name.startsWith('用量'));
    expect(usage.length).toBe(Math.ceil(charges.length / 4));
    expect(usage.flatMap(([, rows]) => rows.slice(1).map((row) => row['T']?.text))).toEqual(
      charges.map(({ journalKey }) => journalKey),
    );
    expect(tally.rows).toBe(charges.length);
    expect([...sheets.keys()].at(-1)).toBe('核对 Control');
  });

  test('is the same bytes whatever the pages', async () => {
    const whole = await write([charges], 1_000);
    const parted = await write([charges.slice(0, 3), [], charges.slice(3)], 1_000);
    expect(sha256(parted.bytes)).toBe(sha256(whole.bytes));
  });

  test('without usage has a head and a control sheet', async () => {
    const { sheets } = await write([], 1_000);
    expect([...sheets].map(([name, rows]) => [name, rows.length])).toEqual([
      ['用量 Usage', 1],
      ['核对 Control', 2],
    ]);
  });
});

test('the workbook of an invoice has its amounts as numbers, its number as text, and no difference', async () => {
  const sheets = workbookSheets(await bytesOf(invoiceWorkbook(snapshotWith(), 'a'.repeat(64))));
  expect([...sheets.keys()]).toEqual(['账单 Invoice', '明细 Lines', '核对 Control']);
  const head = new Map(sheets.get('账单 Invoice')?.map((row) => [row['A']?.text, row['B']]));
  expect(head.get('编号 No.')).toEqual({ text: 'KS-2026-000007', isNumber: false });
  expect(head.get('价税合计 Total incl. tax')).toEqual({ text: '16000', isNumber: true });
  expect(head.get('抹零 Residue below 0.01, returned to the wallet')).toEqual({ text: '-0.00694444', isNumber: true });
  const control = new Map(sheets.get('核对 Control')?.map((row) => [row['A']?.text, row['C']?.text]));
  expect(control.get('差额 Difference')).toBe('0');
});
