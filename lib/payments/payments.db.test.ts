import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fen } from '#lib/core/money.ts';
import { customerOf, seedCustomer, walletOf } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { listBankLines, matchBankLine, recordBankLine } from './bank-lines.ts';
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

test('the sandbox is off unless it is switched on', async () => {
  const { customer, org } = await setup();
  expect(await topUpInSandbox(customer, fen(100n))).toEqual({ ok: false, refusal: { code: 'sandboxOff' } });
  expect(await walletOf(org)).toBe(0n);
});
