import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { fen } from '#lib/core/money.ts';
import { customerOf, seedCustomer, walletOf } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { goodwillGranted } from '#lib/ledger/correction-templates.ts';
import { post } from '#lib/ledger/posting.ts';
import { units } from '#lib/core/money.ts';
import { listNotices } from '#lib/notices/service.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { matchBankLine, recordBankLine } from './bank-lines.ts';
import { decideRefund, failRefund, payRefund, withdrawRefund } from './carrying-out.ts';
import { askRefund, inquireRefund, listOwnRefunds, type RefundWish } from './refunds.ts';
import { announceTransfer } from './top-ups.ts';

await createTestDatabase();

const YUAN = 100_000_000n;
const PAYER = '深圳某某科技';
let references = 0;

const staffOf = (name: string, now: Ctx['now']): Ctx => ({
  actor: { kind: 'staff', userId: `usr_${name}` as Id<'user'>, roles: ['finance'] },
  scope: { kind: 'staff' },
  requestId: 'req_f',
  now,
});

/** A customer who paid in so many yuan by a bank transfer, and two people of finance. */
async function setup(yuan: bigint) {
  const now = await withTx(SYSTEM, readNow);
  const org = await seedCustomer(0n, now);
  const [finance, other] = [staffOf('one', now), staffOf('two', now)];
  const customer = await customerOf(org);
  const announced = await announceTransfer(customer, fen(yuan * 100n));
  references += 1;
  const line = await recordBankLine(finance, {
    bankReference: `IN${references}`,
    receivedAt: now,
    amountYuan: `${yuan}`,
    payerName: PAYER,
    remark: '',
  });
  if (!announced.ok || !line.ok) throw new Error('no transfer');
  await matchBankLine(finance, { bankLineId: line.value.id, paymentId: announced.value.id });
  const wish = (amountYuan: bigint): RefundWish => ({
    route: 'bank',
    amountFen: fen(amountYuan * 100n),
    payee: { name: PAYER, bank: '某某银行', account: '6222 0000 1111' },
    reason: '项目结束',
  });
  const ask = async (amountYuan: bigint, token: string) => {
    const asked = await askRefund(customer, wish(amountYuan), token);
    if (!asked.ok) throw new Error(JSON.stringify(asked.refusal));
    return asked.value.id;
  };
  const notices = async () => (await listNotices(customer, { skip: 0, take: 9 })).rows.map(({ kind }) => kind);
  return { org, now, finance, other, customer, wish, ask, notices };
}

describe('unused money goes back to whoever paid it', () => {
  test('inquired first, out of the wallet when it is asked for, paid once by the bank’s number', async () => {
    const { org, finance, customer, ask, notices } = await setup(1_000n);
    expect(await inquireRefund(customer)).toEqual({
      refundable: [
        { route: 'bank', amountFen: 100_000n },
        { route: 'sandbox', amountFen: 0n },
      ],
      payers: [PAYER],
    });
    const refundId = await ask(300n, 'a');
    expect(await walletOf(org)).toBe(700n * YUAN);
    expect(await payRefund(finance, { refundId, bankReference: 'P1' })).toMatchObject({
      refusal: { code: 'refundNotInState', state: 'asked' },
    });
    expect(await decideRefund(finance, { refundId, isApproved: true, reason: '' })).toMatchObject({ ok: true });
    const pays = await Promise.all([1, 2, 3].map(() => payRefund(finance, { refundId, bankReference: 'P1' })));
    expect(pays.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await failRefund(finance, { refundId, reason: 'late' })).toMatchObject({ ok: false });
    expect(await walletOf(org)).toBe(700n * YUAN);
    expect(await notices()).toEqual(['refundPaid', 'refundApproved']);
    const { rows } = await listOwnRefunds(customer, { skip: 0, take: 9 });
    expect(rows).toMatchObject([{ state: 'paid', bankReference: 'P1' }]);
  });

  test('a token that comes again is the same request; with another wish it is refused', async () => {
    const { org, customer, wish } = await setup(100n);
    const asked = await Promise.all(Array.from({ length: 6 }, () => askRefund(customer, wish(40n), 'same')));
    expect(new Set(asked.map((each) => (each.ok ? each.value.id : each.refusal.code))).size).toBe(1);
    expect(await walletOf(org)).toBe(60n * YUAN);
    expect(await askRefund(customer, wish(41n), 'same')).toMatchObject({ refusal: { code: 'idempotencyKeyReused' } });
  });

  test('many requests at once take no more than was paid in', async () => {
    const { org, customer, wish } = await setup(100n);
    const asked = await Promise.all(Array.from({ length: 8 }, (_, i) => askRefund(customer, wish(30n), `t${i}`)));
    expect(asked.filter(({ ok }) => ok)).toHaveLength(3);
    expect(await walletOf(org)).toBe(10n * YUAN);
  });

  test('what was credited and never paid in stays', async () => {
    const { org, now, customer, wish } = await setup(10n);
    const ctx = { ...SYSTEM, now };
    const [id, reservationId] = [`cmp_${org.slice(4)}` as Id<'compensation'>, 'rsv_x' as Id<'reservation'>];
    const gift = goodwillGranted({ id, reservationId, organisationId: org, at: now }, units(500n * YUAN), 'wallet');
    await withTx(ctx, (tx) => post(ctx, tx, [gift]));
    expect(await askRefund(customer, wish(11n), 'a')).toMatchObject({
      refusal: { code: 'refundTooMuch', maxFen: '1000' },
    });
    expect(await askRefund(customer, wish(0n), 'b')).toMatchObject({ refusal: { code: 'refundTooMuch' } });
    expect(await askRefund(customer, wish(-5n), 'c')).toMatchObject({ refusal: { code: 'refundTooMuch' } });
  });

  test('nobody but a payer gets the bank’s money, and nobody else’s payer', async () => {
    const { customer, wish } = await setup(10n);
    const payee = { name: '别人', bank: 'b', account: '622200001111' };
    expect(await askRefund(customer, { ...wish(1n), payee }, 'a')).toMatchObject({
      refusal: { code: 'refundPayeeUnknown' },
    });
    expect(await askRefund(customer, { ...wish(1n), payee: null }, 'b')).toMatchObject({ ok: false });
  });

  test('declined, failed or taken back, it is in the wallet again, once', async () => {
    const { org, finance, customer, ask, notices } = await setup(100n);
    const [declined, failed, withdrawn] = [await ask(10n, 'd'), await ask(20n, 'f'), await ask(30n, 'w')];
    expect(await decideRefund(finance, { refundId: declined, isApproved: false, reason: '' })).toMatchObject({
      ok: false,
    });
    expect(await decideRefund(finance, { refundId: declined, isApproved: false, reason: '账号不符' })).toMatchObject({
      ok: true,
    });
    await decideRefund(finance, { refundId: failed, isApproved: true, reason: '' });
    expect(await failRefund(finance, { refundId: failed, reason: '退票' })).toMatchObject({ ok: true });
    expect(await withdrawRefund(customer, withdrawn)).toMatchObject({ ok: true });
    expect(await withdrawRefund(customer, withdrawn)).toMatchObject({ refusal: { code: 'refundNotInState' } });
    expect(await walletOf(org)).toBe(100n * YUAN);
    expect(await notices()).toEqual(['refundFailed', 'refundApproved', 'refundDeclined']);
  });

  test('above the limit whoever pays is not who approved; the database says so too', async () => {
    const { finance, other, ask } = await setup(60_000n);
    const refundId = await ask(50_001n, 'a');
    await decideRefund(finance, { refundId, isApproved: true, reason: '' });
    expect(await payRefund(finance, { refundId, bankReference: 'P2' })).toMatchObject({
      refusal: { code: 'refundSamePerson' },
    });
    const alone = withTx(
      SYSTEM,
      (tx) =>
        tx.$executeRaw`UPDATE refund_request SET state = 'paid', ended_by = approved_by, ended_at = approved_at, bank_reference = 'P2' WHERE id = ${refundId}`,
    );
    await expect(alone).rejects.toThrow('refund_request_two_people');
    expect(await payRefund(other, { refundId, bankReference: 'P2' })).toMatchObject({ ok: true });
  });

  test('one payment of the bank pays one refund', async () => {
    const { finance, ask } = await setup(10n);
    for (const token of ['a', 'b']) {
      const refundId = await ask(1n, token);
      await decideRefund(finance, { refundId, isApproved: true, reason: '' });
      const paid = await payRefund(finance, { refundId, bankReference: 'P3' });
      expect(paid).toMatchObject(token === 'a' ? { ok: true } : { refusal: { code: 'refundReferenceUsed' } });
    }
  });

  test('others see nothing of it, and customers carry nothing out', async () => {
    const [mine, theirs] = [await setup(10n), await setup(10n)];
    const refundId = await mine.ask(1n, 'a');
    expect(await withdrawRefund(theirs.customer, refundId)).toMatchObject({ refusal: { code: 'refundUnknown' } });
    expect((await listOwnRefunds(theirs.customer, { skip: 0, take: 9 })).total).toBe(0);
    await expect(decideRefund(mine.customer, { refundId, isApproved: true, reason: '' })).rejects.toThrow(Forbidden);
    await expect(askRefund(mine.finance, mine.wish(1n), 'b')).rejects.toThrow(Forbidden);
  });
});
