import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fen } from '#lib/core/money.ts';
import { customerOf, seedCustomer, walletOf } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import {
  findBankLine,
  getReceiptSummary,
  listBankLines,
  matchBankLine,
  recordBankLine,
  returnBankLine,
} from './bank-lines.ts';
import { importStatement, previewStatement } from './statement-import.ts';
import { STATEMENT_TEMPLATE } from './statement.ts';
import { announceTransfer, cancelTransfer, findPayment, listPayments, topUpInSandbox } from './top-ups.ts';

await createTestDatabase();

async function setup() {
  const now = await withTx(SYSTEM, readNow);
  const org = await seedCustomer(0n, now);
  const finance: Ctx = {
    actor: { kind: 'staff', userId: 'usr_f' as Id<'user'>, roles: ['finance'] },
    scope: { kind: 'staff' },
    requestId: 'req_f',
    now,
  };
  return { org, finance, customer: await customerOf(org) };
}

let references = 0;
async function transfer(amountFen: bigint, arrives: string) {
  const { org, finance, customer } = await setup();
  const announced = await announceTransfer(customer, fen(amountFen));
  if (!announced.ok) throw new Error(announced.refusal.code);
  references += 1;
  const line = await recordBankLine(finance, {
    bankReference: `B${references}`,
    receivedAt: finance.now,
    amountYuan: arrives,
    payerName: '深圳某某科技',
    remark: announced.value.remittanceCode ?? '',
  });
  if (!line.ok) throw new Error(line.refusal.code);
  return { org, finance, customer, payment: announced.value, line: line.value };
}

describe('a bank transfer', () => {
  test('is money only when finance has matched it, and then what arrived, once', async () => {
    const { org, finance, payment, line } = await transfer(100_000n, '999.50');
    expect(await walletOf(org)).toBe(0n);
    const pending = await listBankLines(finance, 'unmatched', { skip: 0, take: 50 });
    expect(pending.rows.find((row) => row.line.id === line.id)?.suggestions[0]?.payment.id).toBe(payment.id);
    const ask = { bankLineId: line.id, paymentId: payment.id };
    const answers = await Promise.all([
      matchBankLine(finance, ask),
      matchBankLine(finance, ask),
      matchBankLine(finance, ask),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await walletOf(org)).toBe(999_50000000n);
  });

  test('the same statement line books once', async () => {
    const { finance, line } = await transfer(1n, '0.01');
    const again = await recordBankLine(finance, { ...line, receivedAt: finance.now, amountYuan: '5' });
    expect(again).toEqual({ ok: false, refusal: { code: 'bankReferenceUsed' } });
  });

  test('a cancelled one is not matched, and its money stays in suspense', async () => {
    const { org, finance, customer, payment, line } = await transfer(500n, '5');
    expect(await cancelTransfer(customer, payment.id)).toMatchObject({ ok: true });
    expect(await matchBankLine(finance, { bankLineId: line.id, paymentId: payment.id })).toMatchObject({
      refusal: { code: 'paymentNotOpen' },
    });
    expect(await walletOf(org)).toBe(0n);
  });

  test.each(['0', '-5', '1.005', '1e9', '', '１０', '100000000.01'])(
    'an amount of %j is refused',
    async (amountYuan) => {
      const { finance } = await setup();
      const line = await recordBankLine(finance, {
        bankReference: 'X',
        receivedAt: finance.now,
        amountYuan,
        payerName: 'x',
        remark: '',
      });
      expect(line).toMatchObject({ refusal: { code: 'amountOutOfRange' } });
    },
  );

  test('announced again under its key is the same one; another wish under that key is refused', async () => {
    const { customer } = await setup();
    const announced = await Promise.all([1, 2, 3].map(() => announceTransfer(customer, fen(500n), 'key-1')));
    const ids = announced.map((answer) => (answer.ok ? answer.value.remittanceCode : answer.refusal.code));
    expect(new Set(ids).size).toBe(1);
    expect((await listPayments(customer, { skip: 0, take: 10 })).total).toBe(1);
    expect(await announceTransfer(customer, fen(501n), 'key-1')).toMatchObject({
      refusal: { code: 'idempotencyKeyReused' },
    });
    const { customer: other } = await setup();
    expect(await announceTransfer(other, fen(501n), 'key-1')).toMatchObject({ ok: true });
  });

  test('is found by its own organisation alone', async () => {
    const { customer, payment, finance } = await transfer(500n, '5');
    const { customer: other } = await setup();
    expect(await findPayment(customer, payment.id)).toEqual(payment);
    expect(await findPayment(finance, payment.id)).toEqual(payment);
    expect(await findPayment(other, payment.id)).toBeNull();
  });

  test("another organisation's payment does not exist for a customer", async () => {
    const { payment } = await transfer(500n, '5');
    const { customer } = await setup();
    expect(await cancelTransfer(customer, payment.id)).toEqual({ ok: false, refusal: { code: 'paymentUnknown' } });
  });

  test('customers do not match, members do not pay in', async () => {
    const { customer } = await setup();
    await expect(matchBankLine(customer, { bankLineId: 'x', paymentId: 'y' })).rejects.toThrow(Forbidden);
    await expect(
      announceTransfer(
        { ...customer, actor: { ...customer.actor, kind: 'customer', role: 'member' } as never },
        fen(1n),
      ),
    ).rejects.toThrow(Forbidden);
  });
});

describe('money that nobody expects', () => {
  test('goes back once with a reason, is in no wallet, and cannot be matched any more', async () => {
    const { org, finance, payment, line } = await transfer(700n, '7');
    const before = await getReceiptSummary(finance);
    const ask = { bankLineId: line.id, reason: 'unknown payer' };
    const answers = await Promise.all([returnBankLine(finance, ask), returnBankLine(finance, ask)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: { code: 'bankLineReturned' } });
    expect(await matchBankLine(finance, { bankLineId: line.id, paymentId: payment.id })).toMatchObject({
      refusal: { code: 'bankLineReturned' },
    });
    expect(await walletOf(org)).toBe(0n);
    const after = await getReceiptSummary(finance);
    expect(after.lines.returned.sumFen - before.lines.returned.sumFen).toBe(700n);
    expect(before.lines.unmatched.count - after.lines.unmatched.count).toBe(1);
    expect(await findBankLine(finance, line.id)).toMatchObject({
      outcome: { kind: 'returned', reason: 'unknown payer' },
      suggestions: [],
    });
  });

  test('is matched by hand with any open transfer', async () => {
    const { customer, finance } = await setup();
    const announced = await announceTransfer(customer, fen(123n));
    const line = await recordBankLine(finance, {
      bankReference: 'HAND',
      receivedAt: finance.now,
      amountYuan: '9.99',
      payerName: 'x',
      remark: 'no code',
    });
    if (!announced.ok || !line.ok) throw new Error('refused');
    const found = await findBankLine(finance, line.value.id);
    expect(found?.suggestions).toEqual([]);
    expect(found?.others.map(({ payment }) => payment.id)).toContain(announced.value.id);
    await matchBankLine(finance, { bankLineId: line.value.id, paymentId: announced.value.id });
    expect(await findBankLine(finance, line.value.id)).toMatchObject({
      outcome: { kind: 'matched', payment: { id: announced.value.id, settledFen: 999n } },
    });
    expect(await findBankLine(finance, 'bnk_0')).toBeNull();
  });
});

describe('a statement', () => {
  const file = `${STATEMENT_TEMPLATE}S1,2026-01-05 10:00,12.50,甲公司,\nS2,2026-01-05 11:00,"1,000",乙公司,KS\nS2,2026-01-05 11:00,1000.00,乙公司,KS\nS3,soon,1,丙,\n`;
  const verdicts = async (work: ReturnType<typeof previewStatement>) => {
    const result = await work;
    return result.ok && result.value.map(({ verdict }) => verdict);
  };

  test('is previewed without a trace, imported row by row, and the second time changes nothing', async () => {
    const { finance } = await setup();
    const before = await getReceiptSummary(finance);
    expect(await verdicts(previewStatement(finance, file))).toEqual(['new', 'new', 'known', 'broken']);
    expect(await getReceiptSummary(finance)).toEqual(before);
    expect(await verdicts(importStatement(finance, file))).toEqual(['recorded', 'recorded', 'known', 'broken']);
    const after = await getReceiptSummary(finance);
    expect(after.lines.unmatched.sumFen - before.lines.unmatched.sumFen).toBe(101_250n);
    expect(await verdicts(importStatement(finance, file))).toEqual(['known', 'known', 'known', 'broken']);
    expect(await getReceiptSummary(finance)).toEqual(after);
    const changed = file.replace('12.50', '12.51');
    expect(await verdicts(importStatement(finance, changed))).toEqual(['conflict', 'known', 'known', 'broken']);
  });

  test('is imported by nobody else', async () => {
    const { customer } = await setup();
    await expect(importStatement(customer, file)).rejects.toThrow(Forbidden);
  });
});

test('the sandbox is off unless it is switched on', async () => {
  const { customer, org } = await setup();
  expect(await topUpInSandbox(customer, fen(100n))).toEqual({ ok: false, refusal: { code: 'sandboxOff' } });
  expect(await walletOf(org)).toBe(0n);
});
