import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { fen } from '#lib/core/money.ts';
import { idFrom } from '#lib/core/id.ts';
import { COLUMN_NAMES, type ColumnName } from './columns.ts';
import { writeOrders } from './orders-file.ts';
import type { IssueOrder } from './provider.ts';
import { RESULT_ROWS_MAX, readDate, readResults } from './results-file.ts';

const HEAD = '销售单号,价税合计,数电票号码,开票日期,失败原因,下载链接';
const NUMBER = '26442000000012345678';
const one = (row: string) => {
  const read = readResults(`${HEAD}\n${row}`);
  return read.ok ? read.value[0]?.read : read.refusal;
};
const outcome = (row: string) => {
  const read = one(row);
  return read && 'isRead' in read ? (read.isRead ? read.outcome : read.problem) : read;
};

describe('a row of results', () => {
  test('is an issued fapiao with number, date and amount, or a reason why there is none', () => {
    expect(outcome(`FP1,"1,234.50",${NUMBER}\t,2026/1/5 10:00,,https://tax.example/f.pdf`)).toEqual({
      kind: 'issued',
      number: NUMBER,
      issuedOn: '2026-01-05',
      grossFen: 123_450n,
      documentUrl: 'https://tax.example/f.pdf',
    });
    expect(outcome(`FP1,-5,'${NUMBER},2026-01-05,,`)).toMatchObject({ grossFen: -500n, documentUrl: null });
    expect(outcome('FP1,,,,额度不足,')).toEqual({ kind: 'refused', reason: '额度不足' });
  });

  test.each([
    [`,1,${NUMBER},2026-01-05,,`, 'salesNumberMissing'],
    ['FP1,1,,,,', 'outcomeMissing'],
    [`FP1,1,${NUMBER},2026-01-05,坏,`, 'outcomeDouble'],
    ['FP1,1,2.6442E+19,2026-01-05,,', 'numberMangled'],
    ['FP1,1,26442000000012300000,2026-01-05,,', 'numberMangled'],
    ['FP1,1,2644200000001234567,2026-01-05,,', 'numberMalformed'],
    ['FP1,1,２６４４２０００００００１２３４５６７８,2026-01-05,,', 'numberMalformed'],
    [`FP1,1,${NUMBER},,,`, 'dateUnreadable'],
    [`FP1,1,${NUMBER},2026-02-30,,`, 'dateUnreadable'],
    [`FP1,1,${NUMBER},46027,,`, 'dateUnreadable'],
    [`FP1,,${NUMBER},2026-01-05,,`, 'amountUnreadable'],
    [`FP1,1.005,${NUMBER},2026-01-05,,`, 'amountUnreadable'],
    [`FP1,--1,${NUMBER},2026-01-05,,`, 'amountUnreadable'],
    [`FP1,1,${NUMBER},2026-01-05,,http://tax.example/f.pdf`, 'linkMalformed'],
    [`FP1,1,${NUMBER},2026-01-05,,javascript:alert(1)`, 'linkMalformed'],
    [`FP1,1,,,${'长'.repeat(201)},`, 'reasonTooLong'],
  ])('%j is refused as %s', (row, problem) => expect(outcome(row)).toBe(problem));

  test('that truly ends in five zeros is believed with an apostrophe before it', () => {
    expect(outcome("FP1,1,'26442000000012300000,2026-01-05,,")).toMatchObject({ number: '26442000000012300000' });
  });
});

describe('a file of results', () => {
  test('may have lines above its heading, its columns in any order, field codes and other separators', () => {
    const read = readResults(`示例税务局\n\nfphm;xsdh;kprq;jshj\n${NUMBER};FP9;2026年1月5日;¥7.00\n`);
    expect(read).toMatchObject({ ok: true, value: [{ salesNumber: 'FP9', read: { isRead: true } }] });
  });

  test.each(['', 'hello', '\u0000\u0001', 'a,b,c\n1,2,3', '"', '{}', '<html></html>'])('of %j is none', (text) => {
    const read = readResults(text);
    expect(read.ok).toBe(false);
  });

  test('without the columns that matter says which', () => {
    expect(readResults('销售单号,开票日期\nFP1,2026-01-05')).toEqual({
      ok: false,
      refusal: { code: 'fapiaoColumnsMissing', columns: '数电票号码、价税合计' },
    });
  });

  test('has a bound', () => {
    const text = `${HEAD}\n${'FP1,1,,,x,\n'.repeat(RESULT_ROWS_MAX + 1)}`;
    expect(readResults(text)).toEqual({
      ok: false,
      refusal: { code: 'fapiaoFileTooLong', rowsMax: RESULT_ROWS_MAX },
    });
  });
});

test.each([
  ['2026-11-21', '2026-11-21'],
  ['2026/1/5', '2026-01-05'],
  ['2026.1.5 09:30:00', '2026-01-05'],
  ['2026-13-01', null],
  ['21.11.2026', null],
  ['', null],
])('%j is the date %j', (text, date) => expect(readDate(text)).toBe(date));

const ORDER: IssueOrder = {
  salesNumber: 'FP20261200000001',
  kind: 'blue',
  buyer: {
    kind: 'company',
    fapiaoType: '81',
    name: '=HYPERLINK("x")公司',
    taxId: '913501001234567890',
    addressPhone: '某路1号, 0755',
    bankAccount: '6222000000000000000',
  },
  remark: '',
  grossFen: fen(15_009n),
  netFen: fen(14_159n),
  taxFen: fen(850n),
  lines: [
    [1, 15_000n, 14_151n, 849n],
    [2, 9n, 8n, 1n],
  ].map(([line, gross, net, tax]) => ({
    line: Number(line),
    invoiceId: idFrom('invoice', 'inv_1'),
    invoiceLine: Number(line),
    itemName: '*信息技术服务*算力服务费',
    taxCode: '3040203000000000000',
    specification: '810E 按时',
    taxRateBps: 600,
    grossFen: fen(BigInt(gross ?? 0)),
    netFen: fen(BigInt(net ?? 0)),
    taxFen: fen(BigInt(tax ?? 0)),
  })),
  takesBack: null,
};

describe('a batch as a file', () => {
  const { text } = writeOrders('fpb_1', '王财务', [ORDER]);
  const rows: string[][] = parse(text, { bom: true });

  test('has a row a line, the stored amounts, the rate, and the whole amount on each row', () => {
    const cell = (row: number, name: ColumnName) => rows[row]?.[COLUMN_NAMES.indexOf(name)];
    expect(rows).toHaveLength(3);
    expect([1, 2].map((row) => (['je', 'slv', 'se', 'jshj'] as const).map((name) => cell(row, name)))).toEqual([
      ['141.51', '0.0600', '8.49', '150.09'],
      ['0.08', '0.0600', '0.01', '150.09'],
    ]);
  });

  test('keeps long digits whole in a spreadsheet, and runs nothing in it', () => {
    expect(text).toContain('913501001234567890\t');
    expect(text).toContain('3040203000000000000\t');
    expect(text).toContain("'=HYPERLINK");
  });

  test('filled in is the file of results: both rows of a fapiao say the same', () => {
    const at = (name: ColumnName) => COLUMN_NAMES.indexOf(name);
    const filled = rows.map((row, i) =>
      row.map((cell, column) =>
        i === 0 ? cell : column === at('fphm') ? NUMBER : column === at('kprq') ? '2026-12-02' : cell,
      ),
    );
    const read = readResults(
      filled.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n'),
    );
    expect(read).toMatchObject({
      ok: true,
      value: [1, 2].map(() => ({
        salesNumber: ORDER.salesNumber,
        read: { outcome: { number: NUMBER, grossFen: 15_009n } },
      })),
    });
  });
});
