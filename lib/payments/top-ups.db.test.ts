import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { fen } from '#lib/core/money.ts';
import { customerOf, seedCustomer, walletOf } from '#lib/engine/testing-market.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { listPayments, topUpInSandbox } from './top-ups.ts';

process.env['KASHI_SANDBOX_PAYMENTS'] = '1';
await createTestDatabase();

async function setup() {
  const org = await seedCustomer(0n, await withTx(SYSTEM, readNow));
  return { org, customer: await customerOf(org) };
}

describe('play money', () => {
  const payIn = (customer: Ctx, fenEach: bigint, key = '') => topUpInSandbox(customer, fen(fenEach), key);

  test('of several customers at one moment is in each one’s wallet, with his own record of it', async () => {
    const parties = [await setup(), await setup(), await setup()];
    const paid = await Promise.all(parties.map(({ customer }, n) => payIn(customer, BigInt(n + 1) * 100n)));
    expect(paid.map(({ ok }) => ok)).toEqual([true, true, true]);
    for (const [n, { org, customer }] of parties.entries()) {
      expect(await walletOf(org)).toBe(BigInt(n + 1) * 100_000_000n);
      const { rows } = await listPayments(customer, { skip: 0, take: 9 });
      expect(rows).toEqual([(paid[n] as { value: unknown }).value]);
      const events = await withTx(customer, (tx) => tx.auditEvent.findMany({ where: { action: 'payment.sandbox' } }));
      expect(events.map(({ organisationId, target }) => [organisationId, target])).toEqual([[org, rows[0]?.id]]);
    }
  });

  test('sent twice at one moment or later is one payment; another sum under its key is refused', async () => {
    const { org, customer } = await setup();
    const [one, same] = await Promise.all([payIn(customer, 500n, 'form-1'), payIn(customer, 500n, 'form-1')]);
    expect(one.ok && same.ok && one.value.id === same.value.id).toBe(true);
    expect(await payIn(customer, 500n, 'form-1')).toEqual(one);
    expect(await payIn(customer, 501n, 'form-1')).toEqual({ ok: false, refusal: { code: 'idempotencyKeyReused' } });
    expect(await walletOf(org)).toBe(5_00000000n);
  });
});
