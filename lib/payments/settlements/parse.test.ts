import { expect, test } from 'vitest';
import { instant } from '#lib/core/instant.ts';
import { parseSettlement, SETTLEMENT_TEMPLATE } from './parse.ts';

const row = 'txn_1,charge,ch_1,"1,280.00",7.68,1272.32,cny,2026-11-21 06:00,pay_06abc';
const file = (...rows: string[]) => `${SETTLEMENT_TEMPLATE}${rows.join('\n')}\n`;
const refusalOf = (text: string) => {
  const read = parseSettlement(text);
  return read.ok ? 'taken' : Object.values(read.refusal).join(' ');
};

test('an export of balance transactions is read by its columns, with the payment that it names', () => {
  const read = parseSettlement(file(row, 'txn_2,payout,po_1,-1272.32,0.00,-1272.32,cny,2026-11-22 00:00:30,'));
  expect(read).toEqual({
    ok: true,
    value: [
      {
        transactionId: 'txn_1',
        row: 2,
        kind: 'payment',
        source: 'ch_1',
        ourId: 'pay_06abc',
        grossFen: 128_000n,
        feeFen: 768n,
        netFen: 127_232n,
        at: instant(Date.UTC(2026, 10, 21, 6)),
      },
      expect.objectContaining({ kind: 'payout', ourId: null, netFen: -127_232n }),
    ],
  });
});

test('a report of itemised activity is read like an export', () => {
  const heading = 'balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,description';
  const read = parseSettlement(
    `${heading}\ntxn_3,2026-11-21T06:00:00Z,cny,-5.00,0,-5.00,refund,re_1,refund of rfd_06x`,
  );
  expect(read).toMatchObject({ ok: true, value: [{ kind: 'refund', ourId: 'rfd_06x', grossFen: -500n }] });
});

test.each([
  ['', 'settlementUnreadable'],
  ['"', 'settlementUnreadable'],
  [SETTLEMENT_TEMPLATE, 'settlementUnreadable'],
  ['id,Type\n1,2\n', 'settlementColumnsMissing source, amount, fee, net, currency, created (utc)'],
  [file(row.replace('cny', 'usd')), 'settlementRowWrong 2 currency'],
  [file(row.replace('7.68', '7.69')), 'settlementRowWrong 2 net'],
  [file(row.replace('7.68', 'x')), 'settlementRowWrong 2 fee'],
  [file(row.replace('2026-11-21', '2026-13-21')), 'settlementRowWrong 2 created (utc)'],
  [file(row, row), 'settlementRowWrong 3 id'],
  [file(row.replace('txn_1', '')), 'settlementRowWrong 2 id'],
])('%j is refused: %s', (text, refusal) => expect(refusalOf(text)).toBe(refusal));
