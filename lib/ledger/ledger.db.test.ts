import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { type Id, makeId } from '#lib/core/id.ts';
import { instant } from '#lib/core/instant.ts';
import { fen, units } from '#lib/core/money.ts';
import { databaseErrorOf } from '#lib/platform/database-errors.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { chart } from './chart.ts';
import { closeMonth, ledgerRefusalOf, lockWallets, openWallet, post, resolveHolds } from './posting.ts';
import { charged, placed, type ReservationRef, returned, topUpSettled } from './templates.ts';
import type { Journal } from './types.ts';

const ownerUrl = await createTestDatabase();
const T0 = instant(Date.UTC(2026, 10, 1));
const ctx: Ctx = { ...SYSTEM, now: T0 };
let serial = 0;

function freshId<K extends 'organisation' | 'reservation' | 'payment'>(kind: K): Id<K> {
  serial += 1;
  return makeId(kind, T0 + serial, new Uint8Array(10));
}

async function setup(yuan: bigint): Promise<{ org: Id<'organisation'>; reservation: ReservationRef }> {
  const org = freshId('organisation');
  await withTx(ctx, async (tx) => {
    await tx.organisation.create({
      data: { id: org, slug: `o${serial}`, name: 'Test', createdAt: new Date(T0), cardQuota: 100 },
    });
    await openWallet(tx, org);
    if (yuan > 0n) await post(ctx, tx, [topUpSettled(freshId('payment'), org, 'sandbox', fen(yuan * 100n), T0)]);
  });
  const reservation = {
    reservationId: freshId('reservation'),
    organisationId: org,
    poolId: 'pol_test',
    skuId: 'sku_test',
    purchase: 'by-hour',
  } as const;
  return { org, reservation };
}

const balance = async (org: Id<'organisation'>): Promise<bigint | undefined> =>
  withTx(ctx, async (tx) => (await lockWallets(tx, [org])).get(org));
const postAll = (...journals: Journal[]): Promise<Map<string, string>> => withTx(ctx, (tx) => post(ctx, tx, journals));
const refusal = async (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => ledgerRefusalOf(error)?.code ?? databaseErrorOf(error)?.sqlState,
  );

describe('posting', () => {
  test('moves money into a hold, captures a part, returns the rest', async () => {
    const { org, reservation } = await setup(100n);
    await postAll(placed(reservation, T0, 0, units(25_00000000n), 7_200n));
    expect(await balance(org)).toBe(75_00000000n);
    await postAll(
      charged(reservation, { hourAt: T0, revision: 0, effectiveAt: T0 }, units(9_37500000n), {
        used: 2_700n,
        unused: 0n,
        down: 0n,
      }),
    );
    await postAll(returned(reservation, T0, units(15_62500000n), 4_500n));
    await withTx(ctx, (tx) => resolveHolds(tx, [reservation.reservationId], T0));
    expect(await balance(org)).toBe(90_62500000n);
    const hold = await withTx(ctx, (tx) => tx.hold.findUnique({ where: { subject: reservation.reservationId } }));
    expect(hold).toMatchObject({ placedUnits: 25_00000000n, capturedUnits: 9_37500000n, releasedUnits: 15_62500000n });
    expect(await refusal(postAll(placed(reservation, T0, 1, units(1n), 1n)))).toBe('holdResolved');
  });

  test('the same key with the same content is one journal', async () => {
    const { org, reservation } = await setup(100n);
    const journal = placed(reservation, T0, 0, units(1_00000000n), 1n);
    expect((await postAll(journal)).get(journal.key)).toBe('created');
    expect((await postAll(journal)).get(journal.key)).toBe('exists');
    expect(await balance(org)).toBe(99_00000000n);
    expect(await refusal(postAll(placed(reservation, T0, 0, units(2_00000000n), 1n)))).toBe('journalKeyReused');
  });

  test('a wallet never falls below zero, and the refused journal leaves no trace', async () => {
    const { org, reservation } = await setup(1n);
    expect(await refusal(postAll(placed(reservation, T0, 0, units(1_00000001n), 1n)))).toBe('insufficientFunds');
    expect(await balance(org)).toBe(1_00000000n);
    const journals = await withTx(ctx, (tx) =>
      tx.journal.count({ where: { organisationId: org, kind: 'holdPlaced' } }),
    );
    expect(journals).toBe(0);
  });

  test('one-sided, unbalanced and mispaired journals are refused', async () => {
    const { org } = await setup(10n);
    const wallet = chart.wallet(org);
    const base = { key: `bad:${org}`, kind: 'holdPlaced', organisationId: org, effectiveAt: T0, source: {} } as const;
    const leg = (account: typeof wallet, debitUnits: bigint, creditUnits: bigint) => ({
      account,
      debitUnits,
      creditUnits,
    });
    expect(await refusal(postAll({ ...base, legs: [leg(wallet, 1n, 0n)] }))).toBe('journalUnbalanced');
    expect(await refusal(postAll({ ...base, legs: [leg(wallet, 2n, 0n), leg(chart.suspense(), 0n, 1n)] }))).toBe(
      'journalUnbalanced',
    );
    expect(await refusal(postAll({ ...base, legs: [leg(wallet, 1n, 0n), leg(chart.suspense(), 0n, 1n)] }))).toBe(
      'pairNotPermitted',
    );
    expect(await refusal(postAll({ ...base, legs: [leg(wallet, 1n, 1n), leg(chart.suspense(), 0n, 1n)] }))).toBe(
      '23514',
    );
  });

  test('nothing becomes effective in a closed month', async () => {
    const { reservation } = await setup(10n);
    const march = instant(Date.UTC(2020, 2, 10));
    await withTx(ctx, (tx) => closeMonth(tx, '2020-03', T0));
    expect(await refusal(postAll(placed(reservation, march, 0, units(1n), 1n)))).toBe('monthClosed');
    // 2020-03-31T16:00Z is April in Shanghai.
    const april = instant(Date.UTC(2020, 2, 31, 16));
    const lastOfMarch = instant(Date.UTC(2020, 2, 31, 16) - 1);
    expect(await refusal(postAll(placed(reservation, lastOfMarch, 0, units(1n), 1n)))).toBe('monthClosed');
    expect(await refusal(postAll(placed(reservation, april, 0, units(1n), 1n)))).toBeUndefined();
    // Earlier than what is closed, and open itself.
    const lastOfFebruary = instant(Date.UTC(2020, 1, 29, 16) - 1);
    expect(await refusal(postAll(placed(reservation, lastOfFebruary, 1, units(1n), 1n)))).toBeUndefined();
  });
});

describe('the database by itself', () => {
  const asOwner = (sql: string) => withAdmin(ownerUrl, (client) => refusal(client.query(sql)));

  test.each([
    ['changes a posting', `UPDATE posting SET debit_units = debit_units + 1 WHERE debit_units > 0`, 'KS001'],
    ['deletes a posting', `DELETE FROM posting`, 'KS001'],
    ['truncates postings', `TRUNCATE posting`, 'KS001'],
    ['deletes a journal', `DELETE FROM journal`, 'KS001'],
    ['changes a balance alone', `UPDATE account SET balance_units = balance_units + 1 WHERE kind = 'wallet'`, 'KS001'],
    [
      'adds a lone leg',
      `INSERT INTO posting SELECT journal_id, 99, account_id, asset, 1, 0 FROM posting LIMIT 1`,
      'journalUnbalanced',
    ],
    [
      'adds a balanced pair to an old journal',
      `INSERT INTO posting SELECT journal_id, 90 + leg, account_id, asset, debit_units, credit_units FROM posting WHERE journal_id = (SELECT min(journal_id) FROM posting)`,
      'journalUnbalanced',
    ],
    [
      'leaves a journal without postings',
      `INSERT INTO journal (key, kind, effective_at, posted_at, actor, source, content_hash) VALUES ('empty', 'bankReceived', now(), now(), 'x', '{}', 'x')`,
      'journalUnbalanced',
    ],
    [
      'posts into an account that is not there',
      `WITH made AS (INSERT INTO journal (key, kind, effective_at, posted_at, actor, source, content_hash) VALUES ('astray', 'bankReceived', now(), now(), 'x', '{}', 'x') RETURNING id)
       INSERT INTO posting SELECT id, leg, -leg, 'CNY/8', 2 - leg, leg - 1 FROM made, generate_series(1, 2) AS leg`,
      '23503',
    ],
    ['truncates accounts', 'TRUNCATE account CASCADE', 'KS001'],
  ])('refuses even its owner who %s', async (_, sql, code) => {
    await setup(5n);
    expect(await asOwner(sql)).toBe(code);
  });
});

test('32 clients cannot spend one wallet twice', async () => {
  const { org } = await setup(10n);
  const attempts = Array.from({ length: 32 }, () => {
    const reservation = {
      reservationId: freshId('reservation'),
      organisationId: org,
      poolId: 'pol_test',
      skuId: 'sku_test',
      purchase: 'by-hour',
    } as const;
    return refusal(postAll(placed(reservation, T0, 0, units(3_00000000n), 1n)));
  });
  const outcomes = await Promise.all(attempts);
  expect(outcomes.filter((outcome) => outcome === undefined)).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === 'insufficientFunds')).toHaveLength(29);
  expect(await balance(org)).toBe(1_00000000n);
});

test('whatever is posted, balances equal postings and everything sums to zero', async () => {
  const { org } = await setup(50n);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(2), fc.bigInt({ min: 0n, max: 20_00000000n })), { maxLength: 8 }),
      async (steps) => {
        const reservation = {
          reservationId: freshId('reservation'),
          organisationId: org,
          poolId: 'pol_test',
          skuId: 'sku_test',
          purchase: 'by-hour',
        } as const;
        let hour = 0;
        for (const [action, amount] of steps) {
          hour += 1;
          const at = instant(T0 + hour * 3_600_000);
          const journal = [
            placed(reservation, at, hour, units(amount), amount),
            charged(reservation, { hourAt: at, revision: 0, effectiveAt: at }, units(amount), {
              used: amount,
              unused: 0n,
              down: 0n,
            }),
            returned(reservation, at, units(amount), amount),
          ][action];
          if (journal) await refusal(postAll(journal));
        }
        const wrong = await withTx(
          ctx,
          (tx) => tx.$queryRaw<unknown[]>`
          SELECT a.path FROM account a LEFT JOIN posting p ON p.account_id = a.id WHERE a.balance_units IS NOT NULL
          GROUP BY a.id HAVING a.balance_units <> coalesce(sum(p.credit_units - p.debit_units), 0) OR a.posting_count <> count(p.*)
          UNION ALL SELECT 'sum' FROM posting GROUP BY asset HAVING sum(debit_units) <> sum(credit_units)
          UNION ALL SELECT subject FROM hold h JOIN account a ON a.id = h.account_id
            WHERE a.balance_units <> h.placed_units - h.captured_units - h.released_units`,
        );
        expect(wrong).toEqual([]);
      },
    ),
    { numRuns: 25 },
  );
});
