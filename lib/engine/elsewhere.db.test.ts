import { beforeAll, expect, test } from 'vitest';
import { createQuote } from '#lib/catalog/service.ts';
import { present } from '#lib/core/assert.ts';
import type { Id } from '#lib/core/id.ts';
import { NO_HOSTS } from '#lib/devices/hosts.ts';
import { withTx } from '#lib/platform/db.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { createProject } from '#lib/reservations/projects.ts';
import { reserve } from '#lib/reservations/service.ts';
import { decideOnce } from './deciding-rounds.ts';
import { openPool } from './opening.ts';
import { customerOf, during, newCustomer, openTestMarket, seedSecondPool } from './testing-market.ts';

// Two pools, each with a leader of its own, and organisations that book in both.

await createTestDatabase();
const market = await openTestMarket(64, 0n);
const YUAN = 100_000_000n;
const SHAOGUAN = 'sku_sg-zw810e-hour';
const FOSHAN = 'sku_fs-m890-hour';

beforeAll(() => seedSecondPool(market, 64));

const bound = (id: string, cardQuota: number, limitYuan: bigint | null) =>
  withTx(SYSTEM, (tx) =>
    tx.organisation.update({
      where: { id },
      data: { cardQuota, monthlySpendingLimitUnits: limitYuan === null ? null : limitYuan * YUAN },
    }),
  );

/** Hands in a booking of cards for an hour; answers its refusal, null when it is accepted. */
async function ask(org: Id<'organisation'>, skuId: string, cards: number, projectId: string | null = null) {
  const ctx = await customerOf(org);
  const wish = { cards, durationSeconds: 3_600, topology: 'any', startAt: null, term: null, imageId: null } as const;
  const quote = await createQuote(ctx, { skuId, ...wish });
  if (!quote.ok) throw new Error(quote.refusal.code);
  const answer = await reserve(ctx, {
    quoteId: quote.value.id,
    name: 'run',
    projectId,
    idempotencyKey: quote.value.id,
  });
  return answer.ok ? null : answer.refusal;
}
const book = (...asked: Parameters<typeof ask>) => during(market, ask(...asked));

test('a quota of cards is one for all pools', async () => {
  const { org } = await newCustomer(market);
  await bound(org, 10, null);
  expect(await book(org, SHAOGUAN, 8)).toBeNull();
  expect(await book(org, FOSHAN, 3)).toMatchObject({ code: 'quotaExceeded', quota: 10, inUse: 8 });
  expect(await book(org, FOSHAN, 2)).toBeNull();
  expect(await book(org, SHAOGUAN, 1)).toMatchObject({ code: 'quotaExceeded', inUse: 10 });
});

test('a monthly limit is one for all pools, of an organisation and of its project', async () => {
  const { org } = await newCustomer(market);
  const made = await createProject(await customerOf(org), {
    name: 'a',
    cardQuota: null,
    monthlySpendingLimitUnits: (50n * YUAN) as never,
  });
  const projectId = made.ok ? made.value.projectId : '';
  await bound(org, 10_000, 100n);
  expect(await book(org, SHAOGUAN, 3, projectId)).toBeNull();
  expect(await book(org, FOSHAN, 1, projectId)).toMatchObject({
    code: 'projectLimitExceeded',
    committedUnits: `${36n * YUAN}`,
  });
  expect(await book(org, FOSHAN, 3)).toBeNull();
  expect(await book(org, SHAOGUAN, 1)).toMatchObject({
    code: 'spendingLimitExceeded',
    committedUnits: `${96n * YUAN}`,
  });
});

test('two leaders that decide at once for one organisation give it no more than its quota', async () => {
  const { org, now } = await newCustomer(market);
  await bound(org, 10, null);
  await market.engine.close();
  const ctx = { ...SYSTEM, now };
  const choice = { seed: 7, faultRates: 'none', hosts: NO_HOSTS } as const;
  const pools = await Promise.all(
    ['pol_sg-zw810e', 'pol_fs-m890'].map(async (id) =>
      present(await openPool(ctx, id as Id<'pool'>, `leader of ${id}`, choice), id),
    ),
  );
  let isOver = false;
  const asked = Promise.all(
    Array.from({ length: 24 }, (_, n) => ask(org, n % 2 === 0 ? SHAOGUAN : FOSHAN, 1 + (n % 3))),
  ).finally(() => {
    isOver = true;
  });
  for (let round = 0; !isOver; round += 1) {
    for (const pool of pools) pool.mayHaveCommands = true;
    await Promise.all((round % 2 === 0 ? pools : pools.toReversed()).map((pool) => decideOnce(ctx, pool)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await asked).filter((refusal) => refusal !== null && refusal.code !== 'quotaExceeded')).toEqual([]);
  const live = await withTx(SYSTEM, (tx) => tx.reservation.findMany({ where: { organisationId: org } }));
  expect(live.reduce((sum, { cards }) => sum + cards, 0)).toBe(10);
});
