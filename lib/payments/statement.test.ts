import { describe, expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import {
  decodeStatement,
  parseBeijingTime,
  parseStatement,
  STATEMENT_ROWS_MAX,
  STATEMENT_TEMPLATE,
} from './statement.ts';

const NOW = instant(Date.UTC(2026, 10, 21, 6));

describe('a time of a bank', () => {
  test.each([
    ['2026-11-21 14:00:05', Date.UTC(2026, 10, 21, 6, 0, 5)],
    ['2026-11-21T14:00', Date.UTC(2026, 10, 21, 6)],
    ['2026/11/21', Date.UTC(2026, 10, 20, 16)],
    ['20261121 140005', Date.UTC(2026, 10, 21, 6, 0, 5)],
    ['2026-11-21T06:00:00Z', Date.UTC(2026, 10, 21, 6)],
    ['2026-02-30', null],
    ['2026-11-21 25:00', null],
    ['yesterday', null],
    ['', null],
  ])('%j is %s', (text, expected) => expect(parseBeijingTime(text)).toBe(expected));
});

test('a statement of a Chinese bank: preface, its own headings, groups in amounts, money that went out', () => {
  const text = [
    '示例银行交易明细,,,,',
    '账号,4400 0000,,,',
    '交易时间,收入金额,对方户名,附言,流水号',
    '2026-11-20 09:30:00,"1,280.00",深圳某某科技,KS-7F3K-9QXM,A1',
    '2026-11-20 10:00:00,,电力公司,电费,A2',
    '2026-11-20 11:00:00,-5.00,退款,,A3',
  ].join('\r\n');
  const parsed = parseStatement(`\uFEFF${text}`, NOW);
  expect(parsed.ok && parsed.value.map(({ row, read }) => [row, read])).toEqual([
    [
      4,
      {
        isRead: true,
        input: {
          bankReference: 'A1',
          receivedAt: Date.UTC(2026, 10, 20, 1, 30),
          amountYuan: '1280.00',
          payerName: '深圳某某科技',
          remark: 'KS-7F3K-9QXM',
        },
      },
    ],
    [5, { isRead: false, problem: 'notIncoming' }],
    [6, { isRead: false, problem: 'notIncoming' }],
  ]);
});

test.each([
  [',2026-11-20,5,x,', 'referenceMissing'],
  ['A,soon,5,x,', 'timeUnreadable'],
  ['A,2026-11-22,5,x,', 'inFuture'],
  ['A,2026-11-20,5.001,x,', 'amountUnreadable'],
  ['A,2026-11-20,1e9,x,', 'amountUnreadable'],
  ['A,2026-11-20,100000000.01,x,', 'amountOutOfRange'],
  ['A,2026-11-20,5,,', 'payerMissing'],
  [`A,2026-11-20,5,${'x'.repeat(101)},`, 'tooLong'],
])('a row %j is broken by itself: %s', (row, problem) => {
  const parsed = parseStatement(`${STATEMENT_TEMPLATE}${row}\nB,2026-11-20,5,x,\n`, NOW);
  expect(parsed.ok && parsed.value.map(({ read }) => (read.isRead ? 'read' : read.problem))).toEqual([problem, 'read']);
});

test('what is no statement is refused by name', () => {
  expect(parseStatement('', NOW)).toMatchObject({ refusal: { code: 'statementUnreadable' } });
  expect(parseStatement('a,b\n1,2', NOW)).toMatchObject({ refusal: { code: 'statementUnreadable' } });
  expect(parseStatement('流水号,金额\n1,2', NOW)).toMatchObject({
    refusal: { code: 'statementColumnsMissing', columns: 'received at, payer' },
  });
  const long = STATEMENT_TEMPLATE + 'A,2026-11-20,5,x,\n'.repeat(STATEMENT_ROWS_MAX + 1);
  expect(parseStatement(long, NOW)).toMatchObject({ refusal: { code: 'statementTooLong' } });
});

test('bytes are read as UTF-8 or GB18030, and as nothing when they are neither', () => {
  expect(decodeStatement(new TextEncoder().encode('流水号'))).toBe('流水号');
  expect(decodeStatement(Uint8Array.from([0xc1, 0xf7, 0xcb, 0xae, 0xba, 0xc5]))).toBe('流水号');
  expect(decodeStatement(Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x00]))).toBeNull();
});
