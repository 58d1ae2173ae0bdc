import { expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { type Instant, instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { codeOf, need, newOwner } from '#lib/identity/testing/people.ts';
import { bankReceived, topUpSettled } from '#lib/ledger/templates.ts';
import { proposeReversal } from '#lib/ledger/reversals.ts';
import { freshId, postAll, walletOf } from '#lib/ledger/testing.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, setTestClock, SYSTEM } from '#lib/platform/testing/database.ts';
import { matchBankLine, recordBankLine, returnBankLine } from '../bank-lines.ts';
import { decideReversal } from '../reversals.ts';
import { announceTransfer } from '../top-ups.ts';
import { kindOf } from './period.ts';
import { reconcile } from './service.ts';

await createTestDatabase();
const NOW: Instant = instant(Date.parse('2026-11-21T04:00:00Z'));
await setTestClock(NOW);
const owner = await newOwner();
const staff = (name: string, role: 'finance' | 'ops' | 'auditor' = 'finance'): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', name), roles: [role] },
  scope: { kind: 'staff' },
  requestId: 'req_f',
  now: NOW,
});
const fang = staff('usr_fang');
const ge = staff('usr_ge');
const SYSTEM_AT: Ctx = { ...SYSTEM, now: NOW };

let serial = 0;
async function line(yuan: string) {
  serial += 1;
  const input = { bankReference: `B${serial}`, receivedAt: NOW, amountYuan: yuan, payerName: 'Moban', remark: '' };
  return need(await recordBankLine(fang, input));
}
const announced = async (amount: bigint) => need(await announceTransfer(await owner.ctx(), fen(amount)));
const look = async (period = '2026-11') => {
  const found = await reconcile(fang, period);
  if (!found) throw new Error(period);
  return found;
};
const sums = (found: Awaited<ReturnType<typeof look>>) =>
  found.flows.map(({ rows, journals }) => [rows.count, journals.count, rows.sumUnits - journals.sumUnits]);

test('what was recorded, matched, returned and topped up agrees with the ledger, by day and by month', async () => {
  const [first, second, third] = [await line('100.00'), await line('20.50'), await line('3.00')];
  need(await matchBankLine(fang, { bankLineId: first.id, paymentId: (await announced(10_000n)).id }));
  need(await returnBankLine(fang, { bankLineId: third.id, reason: 'nobody knows it' }));
  const { organisationId } = await announced(700n);
  const journal = topUpSettled(freshId('payment', NOW), organisationId, 'sandbox', fen(700n), NOW);
  await postAll(SYSTEM_AT, journal);
  const settled = { settledAt: new Date(NOW), settledFen: 700n, journalKey: journal.key };
  const data = {
    id: 'pay_settled',
    organisationId,
    method: 'sandbox',
    amountFen: 700n,
    state: 'settled',
    createdBy: 'x',
  };
  await withTx(SYSTEM, (tx) => tx.payment.create({ data: { ...data, ...settled, createdAt: new Date(NOW) } }));
  for (const period of ['2026-11', '2026-11-21']) {
    const found = await look(period);
    expect(found.differences).toEqual([]);
    expect(sums(found)).toEqual([
      [3, 3, 0n],
      [1, 1, 0n],
      [1, 1, 0n],
      [1, 1, 0n],
      [0, 0, 0n],
    ]);
    expect(found.stands).toEqual([
      { stand: 'bank', rowsUnits: 12_050_000_000n, accountUnits: 12_050_000_000n },
      { stand: 'suspense', rowsUnits: 2_050_000_000n, accountUnits: 2_050_000_000n },
    ]);
  }
  expect(
    sums(await look('2026-11-20'))
      .flat()
      .every((figure) => figure === 0 || figure === 0n),
  ).toBe(true);
  expect(second.state).toBe('unmatched');
});

test('a match that is taken back by two people waits again, is matched anew, and everything agrees', async () => {
  const mistaken = await line('55.00');
  const payment = await announced(5_500n);
  need(await matchBankLine(fang, { bankLineId: mistaken.id, paymentId: payment.id }));
  const { organisationId } = payment;
  const before = await walletOf(SYSTEM_AT, organisationId);
  const id = need(await proposeReversal(fang, { journalKey: `match:${mistaken.id}`, reason: 'the other Moban' }));
  expect(codeOf(await proposeReversal(ge, { journalKey: `match:${mistaken.id}`, reason: 'again' }))).toBe(
    'reversalWaiting',
  );
  expect(codeOf(await decideReversal(fang, { requestId: id, isApproved: true }))).toBe('reversalSamePerson');
  need(await decideReversal(ge, { requestId: id, isApproved: true }));
  expect(codeOf(await decideReversal(ge, { requestId: id, isApproved: true }))).toBe('reversalDecided');
  expect(await walletOf(SYSTEM_AT, organisationId)).toBe(before - 5_500_000_000n);
  expect((await look()).differences).toEqual([]);
  need(await matchBankLine(fang, { bankLineId: mistaken.id, paymentId: payment.id }));
  expect(await walletOf(SYSTEM_AT, organisationId)).toBe(before);
  const found = await look();
  expect(found.differences).toEqual([]);
  for (const { rowsUnits, accountUnits } of found.stands) expect(rowsUnits).toBe(accountUnits);
});

test('what was given and spent is not reversed, and what finance does not reverse is refused by name', async () => {
  const spent = await line('1.00');
  expect(codeOf(await proposeReversal(fang, { journalKey: `bank:${spent.id}`, reason: 'typed wrong' }))).toBe(
    'journalNotReversible',
  );
  expect(codeOf(await proposeReversal(fang, { journalKey: 'match:nothing', reason: 'nothing' }))).toBe(
    'journalUnknown',
  );
  const id = freshId('payment', NOW);
  const org = (await announced(100n)).organisationId;
  await withTx(SYSTEM, (tx) =>
    tx.payment.create({
      data: {
        id,
        organisationId: org,
        method: 'sandbox',
        amountFen: 1n,
        state: 'open',
        createdBy: 'x',
        createdAt: new Date(NOW),
      },
    }),
  );
  const settled = topUpSettled(id, org, 'sandbox', fen(99_999_999n), NOW);
  await postAll(SYSTEM_AT, settled);
  const { differences } = await look();
  expect(differences.map((each) => [each.flow, each.key, kindOf(each)])).toEqual([
    ['toppedUp', settled.key, 'rowMissing'],
  ]);
  const request = need(await proposeReversal(fang, { journalKey: settled.key, reason: 'it never came' }));
  need(await decideReversal(ge, { requestId: request, isApproved: true }));
  expect((await look()).differences).toEqual([]);
});

test('one difference is found on either side, and the oldest comes first', async () => {
  const lost = idFrom('bankLine', 'bnk_lost');
  await postAll(SYSTEM_AT, bankReceived(lost, fen(300n), instant(NOW - 60_000)));
  await withTx(SYSTEM, (tx) =>
    tx.bankLine.create({
      data: {
        ...{
          id: 'bnk_silent',
          bankReference: 'SILENT',
          receivedAt: new Date(NOW),
          amountFen: 400n,
          payerName: 'x',
          remark: '',
        },
        ...{ state: 'unmatched', recordedBy: 'x', recordedAt: new Date(NOW) },
      },
    }),
  );
  const found = await look();
  expect(found.differences.map((each) => [each.key, kindOf(each), each.rowUnits, each.journalUnits])).toEqual([
    ['bank:bnk_lost', 'rowMissing', null, units(300_000_000n)],
    ['bank:bnk_silent', 'journalMissing', units(400_000_000n), null],
  ]);
  const bank = found.stands.find(({ stand }) => stand === 'bank');
  expect((bank?.rowsUnits ?? 0n) - (bank?.accountUnits ?? 0n)).toBe(100_000_000n);
});

test('is for those who may read the bank, and for periods', async () => {
  await expect(reconcile(staff('usr_o', 'ops'), '2026-11')).rejects.toThrow(Forbidden);
  expect(await reconcile(staff('usr_a', 'auditor'), 'soon')).toBeNull();
});
