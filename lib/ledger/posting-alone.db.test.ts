import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { instant } from '#lib/core/instant.ts';
import type { Id } from '#lib/core/id.ts';
import { fen, units } from '#lib/core/money.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { postAlone } from './posting-alone.ts';
import { LEDGER_PROOFS } from './proofs.ts';
import { placed, returned, topUpSettled } from './templates.ts';
import { freshId, refusalOf, reservationOf, seedWallet, walletOf } from './testing.ts';

await createTestDatabase();
const T0 = instant(Date.UTC(2026, 10, 1));
const ctx: Ctx = { ...SYSTEM, now: T0 };
const YUAN = 1_00000000n;

async function wrongs(): Promise<string[]> {
  const found: string[] = [];
  for (const { name, run } of LEDGER_PROOFS) if ((await withTx(ctx, run)).violations > 0) found.push(name);
  return found;
}

describe('a journal that is a transaction of its own', () => {
  test('is posted with its actor, its moment and its hold, and found again by its key', async () => {
    const org = await seedWallet(ctx, 10n);
    const by: Ctx = { ...ctx, now: instant(T0 + 1_000), actor: { kind: 'system', job: 'engine' } };
    const r = reservationOf(org, T0);
    const journal = placed(r, T0, 0, units(4n * YUAN), 7n);
    expect((await postAlone(by, [journal]))?.get(journal.key)).toBe('created');
    expect((await postAlone(ctx, [journal]))?.get(journal.key)).toBe('exists');
    expect(await walletOf(ctx, org)).toBe(6n * YUAN);
    const row = await withTx(ctx, (tx) =>
      tx.journal.findUnique({ where: { key: journal.key }, select: { actor: true, postedAt: true } }),
    );
    expect(row).toEqual({ actor: 'system:engine', postedAt: new Date(T0 + 1_000) });
    const hold = await withTx(ctx, (tx) => tx.hold.findUnique({ where: { subject: r.reservationId } }));
    expect(hold).toMatchObject({ placedUnits: 4n * YUAN, openedAt: new Date(T0 + 1_000) });
  });

  test('is refused by name, and harms none of those that went with it', async () => {
    const [rich, poor] = [await seedWallet(ctx, 10n), await seedWallet(ctx, 1n)];
    const [twice, other] = [reservationOf(rich, T0), reservationOf(rich, T0)];
    const [fine, overdrawn, ...oneKey] = await Promise.all([
      refusalOf(postAlone(ctx, [placed(other, T0, 0, units(2n * YUAN), 1n)])),
      refusalOf(postAlone(ctx, [placed(reservationOf(poor, T0), T0, 0, units(2n * YUAN), 1n)])),
      refusalOf(postAlone(ctx, [placed(twice, T0, 0, units(YUAN), 1n)])),
      refusalOf(postAlone(ctx, [placed(twice, T0, 0, units(YUAN), 2n)])),
    ]);
    expect([fine, overdrawn]).toEqual([undefined, 'insufficientFunds']);
    expect(new Set(oneKey)).toEqual(new Set([undefined, 'journalKeyReused']));
    expect(await walletOf(ctx, rich)).toBe(7n * YUAN);
    expect(await walletOf(ctx, poor)).toBe(YUAN);
  });

  test('is one journal when it comes twice at the same moment', async () => {
    const org = await seedWallet(ctx, 10n);
    const journal = placed(reservationOf(org, T0), T0, 0, units(YUAN), 1n);
    const outcomes = await Promise.all([postAlone(ctx, [journal]), postAlone(ctx, [journal])]);
    expect(outcomes.map((found) => found?.get(journal.key)).toSorted()).toEqual(['created', 'exists']);
    expect(await walletOf(ctx, org)).toBe(9n * YUAN);
  });

  test('is all of its call or nothing', async () => {
    const org = await seedWallet(ctx, 3n);
    const journals = [1n, 2n, 3n].map((yuan) => placed(reservationOf(org, T0), T0, 0, units(yuan * YUAN), 1n));
    expect(await refusalOf(postAlone(ctx, journals))).toBe('insufficientFunds');
    expect(await walletOf(ctx, org)).toBe(3n * YUAN);
  });

  test('is not posted for somebody without a context, nor with him', async () => {
    const org = await seedWallet(ctx, 3n);
    const nobody: Ctx = { ...ctx, scope: { kind: String() as 'system' } };
    const journal = () => placed(reservationOf(org, T0), T0, 0, units(YUAN), 1n);
    const outcomes = await Promise.all([
      refusalOf(postAlone(nobody, [journal()])),
      refusalOf(postAlone(ctx, [journal()])),
    ]);
    expect(outcomes).toEqual(['42501', undefined]);
    expect(await walletOf(ctx, org)).toBe(2n * YUAN);
  });
});

describe('a row beside a journal', () => {
  const customerOf = (organisationId: Id<'organisation'>): Ctx => ({
    ...ctx,
    actor: { kind: 'customer', userId: 'usr_a' as Id<'user'>, organisationId, role: 'owner' },
    scope: { kind: 'organisation', organisationId },
  });
  /** Somebody's payment of one yuan into somebody's wallet. */
  const pay = (by: Id<'organisation'>, into: Id<'organisation'>) => {
    const id = freshId('payment', T0);
    const at = '2026-11-01T00:00:00.000Z';
    const row = {
      id,
      organisation_id: into,
      method: 'sandbox',
      amount_fen: '100',
      state: 'settled',
      created_by: 'user:usr_a',
    };
    const journal = topUpSettled(id, into, 'sandbox', fen(100n), T0);
    const settled = { ...row, created_at: at, settled_at: at, settled_fen: '100', journal_key: journal.key };
    const act = { action: 'payment.sandbox', target: id, data: {} } as const;
    return { send: () => postAlone(customerOf(by), [journal], { of: 'payment', row: settled, act }), id };
  };
  const written = (ids: readonly string[]) =>
    withTx(ctx, async (tx) => ({
      payments: await tx.payment.count({ where: { id: { in: [...ids] } } }),
      events: await tx.auditEvent.count({ where: { target: { in: [...ids] } } }),
      journals: await tx.journal.count({ where: { key: { in: ids.map((id) => `topup:${id}`) } } }),
    }));

  test('is written for each of several tenants under his own rights, and never for another', async () => {
    const [a, b] = [await seedWallet(ctx, 0n), await seedWallet(ctx, 0n)];
    const payments = [pay(a, a), pay(b, b), pay(a, b)];
    const outcomes = await Promise.all(payments.map(({ send }) => refusalOf(send())));
    expect(outcomes).toEqual([undefined, undefined, '42501']);
    expect([await walletOf(ctx, a), await walletOf(ctx, b)]).toEqual([YUAN, YUAN]);
    expect(await written(payments.map(({ id }) => id))).toEqual({ payments: 2, events: 2, journals: 2 });
  });

  test('of several tenants at one moment is one transaction', async () => {
    const payments = [await seedWallet(ctx, 0n), await seedWallet(ctx, 0n)].map((org) => pay(org, org));
    await Promise.all(payments.map(({ send }) => send()));
    const found = await withTx(
      ctx,
      (tx) => tx.$queryRaw`SELECT count(*)::int AS journals, count(DISTINCT xmin::text)::int AS transactions
        FROM journal WHERE key = ANY(${payments.map(({ id }) => `topup:${id}`)}::text[])`,
    );
    expect(found).toEqual([{ journals: 2, transactions: 1 }]);
  });

  test('that is there already is left as it is, with nothing posted', async () => {
    const org = await seedWallet(ctx, 0n);
    const { send, id } = pay(org, org);
    expect([(await send())?.size, await send()]).toEqual([1, null]);
    expect(await walletOf(ctx, org)).toBe(YUAN);
    expect(await written([id])).toEqual({ payments: 1, events: 1, journals: 1 });
  });
});

test('64 callers cannot spend one wallet twice, whatever goes together', async () => {
  const org = await seedWallet(ctx, 10n);
  const outcomes = await Promise.all(
    Array.from({ length: 64 }, () =>
      refusalOf(postAlone(ctx, [placed(reservationOf(org, T0), T0, 0, units(3n * YUAN), 1n)])),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === 'insufficientFunds')).toHaveLength(61);
  expect(await walletOf(ctx, org)).toBe(YUAN);
});

test('whatever is posted at once, every proof of the books holds', async () => {
  const orgs = await Promise.all(Array.from({ length: 8 }, () => seedWallet(ctx, 40n)));
  const spend = async (n: number): Promise<void> => {
    const org = orgs[n % orgs.length];
    if (org === undefined) throw new Error('there are organisations');
    const r = reservationOf(org, T0);
    if (await refusalOf(postAlone(ctx, [placed(r, T0, 0, units(3n * YUAN), 5n)]))) return;
    await postAlone(ctx, [returned(r, T0, units(YUAN), 2n)]);
  };
  await Promise.all(Array.from({ length: 200 }, (_, n) => spend(n)));
  expect(await wrongs()).toEqual([]);
});
