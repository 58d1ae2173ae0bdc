import { expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import type { Id } from '#lib/core/id.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { book, openTestMarket, runTo } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { readNow } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import {
  findAccount,
  findJournal,
  getTrialBalances,
  listAccounts,
  listBalances,
  listJournals,
  proveLedger,
  searchBooks,
} from './books.ts';

await createTestDatabase();
const market = await openTestMarket(64, 10_000n);
const booked = await book(market, { cards: 8, durationSeconds: 3 * 3_600 });
if (!booked.ok) throw new Error(booked.refusal.code);
const reservationId = booked.value.reservationId ?? '';
await runTo(market, plusSeconds(market.startAt, 2 * 3_600));

async function finance(): Promise<Ctx> {
  return {
    actor: { kind: 'staff', userId: 'usr_f' as Id<'user'>, roles: ['finance'] },
    scope: { kind: 'staff' },
    requestId: 'req_f',
    now: await withTx(SYSTEM, readNow),
  };
}

test('the trial balance is zero in money and in seconds, and its parts are the market’s', async () => {
  const [money, ...seconds] = await getTrialBalances(await finance());
  expect(money).toMatchObject({ asset: 'CNY/8', differenceUnits: 0n, debitUnits: 10_000_00000000n });
  expect(seconds).toHaveLength(1);
  expect(seconds[0]).toMatchObject({ asset: `CARDSEC:${market.poolId}`, differenceUnits: 0n });
  const wallet = money?.lines.find(({ kind }) => kind === 'wallet');
  expect(wallet).toMatchObject({ isLocked: true, accounts: 1, balanceUnits: (10_000n - 8n * 3n * 12n) * 100_000_000n });
  expect(await listBalances(await finance(), ['wallet'])).toEqual([wallet]);
});

test('an account lists its postings with the balance after each, and pages by key without a gap', async () => {
  const ctx = await finance();
  const { rows } = await listAccounts(ctx, { kind: 'wallet', asset: null, isEmptyShown: false, olderThan: null });
  expect(rows).toMatchObject([{ path: `wallet:${market.organisationId}:cash`, organisationName: 'Test' }]);
  const found = await findAccount(ctx, rows[0]?.id ?? '', null);
  const [newest, oldest] = [found?.postings.rows[0], found?.postings.rows.at(-1)];
  expect(newest?.balanceAfterUnits).toBe(rows[0]?.balanceUnits);
  expect(oldest).toMatchObject({
    kind: 'topUpSettled',
    creditUnits: 10_000_00000000n,
    balanceAfterUnits: 10_000_00000000n,
  });
  const older = await findAccount(ctx, rows[0]?.id ?? '', `${newest?.journalId}.${newest?.leg}`);
  expect(older?.postings.rows).toEqual(found?.postings.rows.slice(1));
});

test('a journal is found by its number, its key and what its source names, with its legs and its seal', async () => {
  const ctx = await finance();
  const [hold] = (await listJournals(ctx, { kind: 'holdPlaced', olderThan: null })).rows;
  const id = hold?.id ?? '';
  for (const text of [id, hold?.key ?? '', reservationId]) {
    const { journals } = await searchBooks(ctx, text);
    expect(journals.map((journal) => journal.id)).toContain(id);
  }
  const journal = await findJournal(ctx, id);
  expect(journal?.source).toMatchObject({ reservation: reservationId });
  expect(journal?.legs.map(({ accountKind }) => accountKind).sort()).toEqual([
    'capacityPool',
    'capacityReserved',
    'hold',
    'wallet',
  ]);
  expect((await searchBooks(ctx, reservationId)).accounts.map(({ kind }) => kind).sort()).toEqual([
    'capacityReserved',
    'hold',
  ]);
});

test.each(['', '0', 'x', '99999999999999999999', '1 OR 1=1'])(
  'no account and no journal is called %j',
  async (text) => {
    const ctx = await finance();
    expect(await findAccount(ctx, text, null)).toBeNull();
    expect(await findJournal(ctx, text)).toBeNull();
  },
);

test('every proof holds', async () => {
  const results = await proveLedger(await finance());
  expect(results.filter(({ violations }) => violations !== 0)).toEqual([]);
  expect(results.length).toBeGreaterThan(5);
});

test('customers and ops do not read the books', async () => {
  const ops: Ctx = { ...(await finance()), actor: { kind: 'staff', userId: 'usr_o' as Id<'user'>, roles: ['ops'] } };
  for (const ctx of [await market.customer(), ops]) await expect(getTrialBalances(ctx)).rejects.toThrow(Forbidden);
});
