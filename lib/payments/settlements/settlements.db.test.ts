import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { idFrom } from '#lib/core/id.ts';
import { plusSeconds, toIso } from '#lib/core/instant.ts';
import { fen } from '#lib/core/money.ts';
import { customerOf, seedCustomer } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { codeOf, need } from '#lib/identity/testing/people.ts';
import { readNow } from '#lib/platform/clock.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { decideRefund, payRefund } from '../carrying-out.ts';
import { askRefund } from '../refunds.ts';
import { topUpInSandbox } from '../top-ups.ts';
import { SETTLEMENT_TEMPLATE } from './parse.ts';
import { findSettlement, importSettlement, listSettlements } from './service.ts';

process.env['KASHI_SANDBOX_PAYMENTS'] = '1';
await createTestDatabase();
const now = await withTx(SYSTEM, readNow);
const staff = (role: 'finance' | 'auditor'): Ctx => ({
  actor: { kind: 'staff', userId: idFrom('user', `usr_${role}`), roles: [role] },
  scope: { kind: 'staff' },
  requestId: 'req_s',
  now,
});
const finance = staff('finance');
const customer = await customerOf(await seedCustomer(0n, now));
const topUp = async (yuan: bigint, key: string) => need(await topUpInSandbox(customer, fen(yuan * 100n), key)).id;
const payments = [await topUp(100n, 'a'), await topUp(200n, 'b'), await topUp(300n, 'c')];
const asked = need(
  await askRefund(
    customer,
    { route: 'sandbox', amountFen: fen(5_000n), payee: { name: '某某', bank: '', account: '' }, reason: '项目结束' },
    'r',
  ),
).id;
need(await decideRefund(finance, { refundId: asked, isApproved: true, reason: '' }));
need(await payRefund(finance, { refundId: asked, bankReference: 're_1' }));

const at = toIso(now);
const line = (id: string, type: string, gross: string, fee: string, ourId: string, told = at) =>
  [id, type, `src_${id}`, gross, fee, `${Number(gross) - Number(fee)}`, 'cny', told, ourId].join(',');
const take = (text: string, name = 'november.csv') =>
  importSettlement(finance, { provider: 'sandbox', name, text: `${SETTLEMENT_TEMPLATE}${text}\n` });
const FILE = [
  line('txn_1', 'charge', '100', '1', payments[0] ?? ''),
  line('txn_2', 'charge', '199', '2', payments[1] ?? ''),
  line('txn_3', 'charge', '50', '1', 'pay_06unknown'),
  line('txn_4', 'refund', '-50', '0', asked),
  line('txn_5', 'stripe_fee', '-3', '0', ''),
  line('txn_6', 'payout', '-100', '0', '', toIso(plusSeconds(now, 3_600))),
].join('\n');
const view = async (id: string, verdict: 'differs' | null = null) => {
  const found = await findSettlement(finance, id, { verdict, skip: 0, take: 50 });
  if (!found) throw new Error('no file');
  return found;
};

describe('a statement of a provider', () => {
  test('is held against what was settled here: one by one, and both ways', async () => {
    const id = need(await take(FILE));
    const { rows, sums, file } = await view(id);
    expect(
      rows.map(({ verdict, kind, transactionId, ourId, theirsFen, oursFen }) => [
        verdict,
        kind,
        transactionId ?? ourId,
        theirsFen,
        oursFen,
      ]),
    ).toEqual([
      ['differs', 'payment', 'txn_2', 19_900n, 20_000n],
      ['missingHere', 'payment', 'txn_3', 5_000n, null],
      ['missingThere', 'payment', payments[2], null, 30_000n],
      ['matched', 'payment', 'txn_1', 10_000n, 10_000n],
      ['matched', 'refund', 'txn_4', -5_000n, -5_000n],
      ['noted', 'fee', 'txn_5', -300n, null],
      ['noted', 'payout', 'txn_6', -10_000n, null],
    ]);
    expect(sums).toMatchObject({ grossFen: 19_600n, feeFen: 400n, netFen: 19_200n });
    expect(sums.counts.get('matched')).toBe(2);
    expect((await view(id, 'differs')).rows).toHaveLength(1);
    expect(await listSettlements(finance)).toEqual([file]);
  });

  test('is taken once by its hash; one that overlaps agrees, or is not taken at all', async () => {
    expect(codeOf(await take(FILE, 'again.csv'))).toBe('settlementKnown');
    const more = line('txn_7', 'charge', '300', '3', payments[2] ?? '');
    const both = await Promise.all([take(`${FILE}\n${more}`), take(`${FILE}\n${more}`)]);
    expect(both.map((each) => (each.ok ? 'taken' : each.refusal.code)).toSorted()).toEqual([
      'settlementKnown',
      'taken',
    ]);
    const [newest, first] = await listSettlements(finance);
    expect((await view(newest?.id ?? '')).sums.counts.get('missingThere')).toBeUndefined();
    expect((await view(first?.id ?? '')).sums.counts.get('missingThere')).toBeUndefined();
    expect(codeOf(await take(line('txn_1', 'charge', '101', '1', payments[0] ?? '')))).toBe('settlementChanged');
    expect(await listSettlements(finance)).toHaveLength(2);
    expect(codeOf(await take('txn_1,charge'))).toBe('settlementUnreadable');
  });

  test('moves no money, does not change, and is no matter of auditors and customers to import', async () => {
    const run = (sql: string) =>
      withTx(SYSTEM, (tx) => tx.$executeRawUnsafe(sql)).then(
        () => 'done',
        (error: unknown) => databaseErrorOf(error)?.sqlState,
      );
    expect(await run(`UPDATE settlement_row SET gross_fen = 1, net_fen = 1 - fee_fen`)).toBe('42501');
    expect(await run(`DELETE FROM settlement_file`)).toBe('42501');
    const input = { provider: 'sandbox', name: 'x', text: FILE } as const;
    for (const ctx of [staff('auditor'), customer])
      await expect(importSettlement(ctx, input)).rejects.toThrow(Forbidden);
    await expect(listSettlements(customer)).rejects.toThrow(Forbidden);
    expect(await listSettlements(staff('auditor'))).toHaveLength(2);
  });
});
