import { expect, test } from 'vitest';
import type { Id } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fen } from '#lib/core/money.ts';
import { namesCode, suggestMatches } from './match.ts';
import type { Payment } from './types.ts';

const payment = (
  id: string,
  remittanceCode: string,
  amount: bigint,
): { payment: Payment; organisationName: string } => ({
  organisationName: id,
  payment: {
    id: id as Id<'payment'>,
    organisationId: 'org_a' as Id<'organisation'>,
    method: 'bank-transfer',
    amountFen: fen(amount),
    state: 'open',
    remittanceCode,
    createdAt: instant(id.length),
    settledAt: null,
    settledFen: null,
  },
});

test.each([
  ['KS-7F3K-9QXM', true],
  ['货款 ks7f3k9qxm 谢谢', true],
  ['ks 7f3k 9qxm', true],
  ['7F3K', false],
  ['', false],
])('%j names the code: %s', (remark, isNamed) => {
  expect(namesCode(remark, 'KS-7F3K-9QXM')).toBe(isNamed);
});

test('the code comes before the amount, both before one, strangers are left out', () => {
  const open = [
    payment('amount', 'KS-AAAA-AAAA', 500n),
    payment('code', 'KS-BBBB-BBBB', 700n),
    payment('other', 'KS-CCCC-CCCC', 900n),
  ];
  const found = suggestMatches({ remark: 'KSBBBBBBBB', amountFen: fen(500n) }, open);
  expect(found.map(({ organisationName }) => organisationName)).toEqual(['code', 'amount']);
});
