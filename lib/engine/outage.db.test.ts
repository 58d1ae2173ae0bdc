import { expect, test } from 'vitest';
import type { Ctx } from '#lib/core/context.ts';
import { plusSeconds } from '#lib/core/instant.ts';
import { demandClock, stepClock } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { seedVoucher } from '#lib/vouchers/testing.ts';
import {
  book,
  customerOf,
  killEngine,
  newCustomer,
  openTestMarket,
  PRICE_YUAN,
  runTo,
  settleDown,
} from './testing-market.ts';
import { verifyDatabase } from './verify.ts';

const url = await createTestDatabase();
const market = await openTestMarket(16, 10_000n);

/** Lets business time pass under an engine's eyes. */
async function pass(seconds: number): Promise<void> {
  const { now } = await customerOf(market.organisationId);
  await runTo(market, plusSeconds(now, seconds));
}

/** Lets business time pass while no engine looks; then another takes over. */
async function passAway(seconds: number): Promise<void> {
  await killEngine(market);
  const { now } = await customerOf(market.organisationId);
  const to = plusSeconds(now, seconds);
  await withTx(SYSTEM, async (tx) => {
    await demandClock(tx, to, 0);
    await stepClock(tx, to);
  });
  await settleDown(market);
}

const evidence = () =>
  withTx(
    SYSTEM,
    (tx) => tx.$queryRaw`
    SELECT count(*)::int AS all, count(*) FILTER (WHERE e.start_at >= a.end_at)::int AS behind
    FROM evidence e JOIN allocation a ON a.id = e.allocation_id`,
  );

const broken = async (): Promise<unknown> => {
  const ctx: Ctx = {
    ...(await customerOf(market.organisationId)),
    actor: { kind: 'system', job: 'proving' },
    scope: { kind: 'system' },
  };
  return (await verifyDatabase(ctx)).filter(({ violations }) => violations > 0);
};

test('hours without an engine, over an end, leave no evidence behind it', async () => {
  expect(await book(market, { cards: 2 })).toMatchObject({ ok: true });
  await settleDown(market);
  await passAway(1_800);
  await passAway(3 * 3_600);
  expect(await evidence()).toMatchObject([{ behind: 0 }]);
  expect(await broken()).toEqual([]);
});

test.for([
  ['can still be paid', 10_000n],
  ['cannot be paid any more', 20n],
] as const)('hours without an engine, over what an open end is held to that %s, break no proof', async ([, yuan]) => {
  const { org } = await newCustomer(market, yuan);
  expect(await book(market, { durationSeconds: null }, org)).toMatchObject({ ok: true });
  await settleDown(market);
  await passAway(1_800);
  await passAway(30 * 3_600);
  expect(await broken()).toEqual([]);
});

/** What vouchers paid for an organisation's reservations, in yuan. */
async function paidByVouchers(org: string): Promise<bigint> {
  const sums = await withTx(
    SYSTEM,
    (tx) => tx.$queryRaw<[{ units: bigint }]>`
      SELECT coalesce(sum(placed_units), 0)::bigint AS units FROM voucher_tranche
      WHERE organisation_id = ${org} AND grant_id IS NOT NULL`,
  );
  return sums[0].units / 100_000_000n;
}

test.for([
  ['while an engine looks', pass],
  ['while none does, and another takes over when the voucher is over', passAway],
] as const)('hours that fall due within the time of a voucher are paid by it, %s', async ([, wait]) => {
  const { org, now } = await newCustomer(market);
  const { slug } = await withTx(SYSTEM, (tx) => tx.organisation.findUniqueOrThrow({ where: { id: org } }));
  await seedVoucher(slug, 500, { validUntil: plusSeconds(now, 10 * 3_600) });
  expect(await book(market, { durationSeconds: null }, org)).toMatchObject({ ok: true });
  await pass(1_800);
  await wait(30 * 3_600);
  expect(await paidByVouchers(org)).toBe(11n * PRICE_YUAN);
  expect(await broken()).toEqual([]);
});

test('evidence outside its allocation is named, unless it has no length', async () => {
  const outside = (days: number, seconds: number): Promise<void> =>
    withAdmin(url, async (client) => {
      await client.query(`INSERT INTO evidence (allocation_id, organisation_id, card_id, start_at, end_at)
        SELECT id, organisation_id, card_id, start_at - interval '${days} days', start_at - interval '${days} days' + interval '${seconds} seconds' FROM allocation ORDER BY id LIMIT 1`);
    });
  await outside(1, 0);
  expect(await broken()).toEqual([]);
  await outside(2, 60);
  expect(await broken()).toContainEqual(expect.objectContaining({ name: 'evidenceInside', violations: 1 }));
});
