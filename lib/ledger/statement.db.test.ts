import { expect, test } from 'vitest';
import { plusSeconds } from '#lib/core/instant.ts';
import { sumUnits } from '#lib/core/money.ts';
import { book, customerOf, openTestMarket, runTo, seedCustomer, walletOf } from '#lib/engine/testing-market.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { createTestDatabase } from '#lib/platform/testing/database.ts';
import { listStatement } from './statement.ts';

await createTestDatabase();
const market = await openTestMarket(64, 5_000n);
const YUAN = 100_000_000n;

async function setup() {
  await book(market, { cards: 2, durationSeconds: 3_601 });
  await book(market, { cards: 1, durationSeconds: null });
  await runTo(market, plusSeconds(market.startAt, 10_000));
  return customerOf(market.organisationId);
}

const ctx = await setup();
const everything = (await listStatement(ctx, { before: null, take: 100 })).entries;

test('a statement sums to the balance, newest first, and each balance follows from the one before', async () => {
  expect(sumUnits(everything.map(({ amountUnits }) => amountUnits))).toBe(await walletOf(market.organisationId));
  expect(everything[0]?.balanceAfterUnits).toBe(await walletOf(market.organisationId));
  everything.forEach((entry, i) => {
    const before = everything[i + 1]?.balanceAfterUnits ?? 0n;
    expect(entry.balanceAfterUnits - entry.amountUnits).toBe(before);
  });
});

test('an entry says what moved and which reservation or payment it was', () => {
  const last = everything.at(-1);
  expect(last).toMatchObject({
    kind: 'topUpSettled',
    amountUnits: 5_000n * YUAN,
    reservationId: null,
    invoiceId: null,
  });
  expect(last?.paymentId).toMatch(/^pay_/);
  const holds = everything.filter(({ kind }) => kind === 'holdPlaced');
  expect(holds.length).toBeGreaterThanOrEqual(4);
  for (const { amountUnits, reservationId } of holds) {
    expect(amountUnits).toBeLessThan(0n);
    expect(reservationId).toMatch(/^rsv_/);
  }
});

test('pages join into the whole, with the same balances', async () => {
  const joined = [];
  let before: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listStatement>> = await listStatement(ctx, { before, take: 2 });
    joined.push(...page.entries);
    before = page.next;
  } while (before !== null);
  expect(joined).toEqual(everything);
});

test('a mark that is no journal begins at the top', async () => {
  for (const before of ['', 'x', '-1', '1e9', '9'.repeat(40)])
    expect((await listStatement(ctx, { before, take: 100 })).entries).toEqual(everything);
});

test('is the own one: a new organisation has none, and staff have none at all', async () => {
  const stranger = await customerOf(await seedCustomer(0n, ctx.now));
  expect(await listStatement(stranger, { before: null, take: 10 })).toEqual({ entries: [], next: null });
  const finance = { ...ctx, actor: { kind: 'staff', userId: 'usr_f', roles: ['finance'] }, scope: { kind: 'staff' } };
  await expect(listStatement(finance as never, { before: null, take: 10 })).rejects.toThrow(Forbidden);
});
