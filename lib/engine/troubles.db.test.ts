import { beforeAll, expect, test } from 'vitest';
import { plusSeconds } from '#lib/core/instant.ts';
import { demandClock } from '#lib/platform/clock.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { readPoolStatus } from './status-store.ts';
import { book, customerOf, killEngine, openTestMarket, seedSecondPool, settleDown } from './testing-market.ts';
import { Troubles } from './troubles.ts';

// Two pools of one engine, of which one cannot be written for a while.

const ownerUrl = await createTestDatabase();
const market = await openTestMarket(16, 10_000n);
const SHAOGUAN = 'pol_sg-zw810e';
const FOSHAN = 'pol_fs-m890';
const HOUR_SECONDS = 3_600;

/** Nothing in Foshan ends: the pool that has its turn first. */
const NO_END = `
  CREATE FUNCTION no_end() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'nothing ends here'; END $$;
  CREATE TRIGGER no_end BEFORE UPDATE ON reservation FOR EACH ROW
    WHEN (NEW.state = 'ended' AND NEW.pool_id = '${FOSHAN}') EXECUTE FUNCTION no_end()`;

const asOwner = (sql: string) => withAdmin(ownerUrl, (client) => client.query(sql));

const troubles = async () => {
  const status = await withTx(SYSTEM, readPoolStatus);
  return Object.fromEntries(status.map(({ poolId, troubledSince }) => [poolId, troubledSince]));
};
const statesOf = async (poolId: string) =>
  (await withTx(SYSTEM, (tx) => tx.reservation.findMany({ where: { poolId }, select: { state: true } }))).map(
    ({ state }) => state,
  );
const now = async () => (await customerOf(market.organisationId)).now;

/** One turn that must fail with what the wall says. */
async function failOnce(): Promise<void> {
  market.engine.wake('everything');
  await expect(market.engine.turn()).rejects.toThrow(`${FOSHAN}: `);
}

beforeAll(() => seedSecondPool(market, 16));

test('a pool that cannot be written keeps no other from moving on, and staff see since when it stands', async () => {
  const ends = plusSeconds(await now(), HOUR_SECONDS);
  await book(market);
  await book(market, { skuId: 'sku_fs-m890-hour' });
  await settleDown(market);
  expect(await troubles()).toEqual({ [SHAOGUAN]: null, [FOSHAN]: null });

  await asOwner(NO_END);
  await withTx(SYSTEM, (tx) => demandClock(tx, plusSeconds(ends, 600), 0));
  while ((await now()) < ends) await market.engine.turn().catch(() => false);
  await failOnce();
  await failOnce();
  expect(await statesOf(FOSHAN)).toEqual(['active']);
  expect(await statesOf(SHAOGUAN)).toEqual(['ended']);
  const since = (await troubles())[FOSHAN];
  expect(await troubles()).toEqual({ [SHAOGUAN]: null, [FOSHAN]: expect.any(Number) });
  expect(since).toBeGreaterThanOrEqual(ends);
  expect(market.engine.poolsInTrouble).toBe(1);

  await killEngine(market);
  await failOnce();
  await failOnce();
  expect(await troubles()).toEqual({ [SHAOGUAN]: null, [FOSHAN]: since });

  await asOwner('DROP TRIGGER no_end ON reservation');
  await settleDown(market);
  expect(await statesOf(FOSHAN)).toEqual(['ended']);
  expect(await troubles()).toEqual({ [SHAOGUAN]: null, [FOSHAN]: null });
  expect(market.engine.poolsInTrouble).toBe(0);
});

test('who fails once tells nobody, who does not lead writes nothing, and who leads anew takes back what another left', async () => {
  const ctx = { ...SYSTEM, now: await now() };
  const [{ holder }] = await withTx(
    SYSTEM,
    (tx) => tx.$queryRaw<[{ holder: string }]>`SELECT holder FROM pool_lease LIMIT 1`,
  );
  const [leader, other] = [new Troubles(holder), new Troubles('another')];
  const [pool] = market.engine.pools;
  if (!pool) throw new Error('a pool that is led');
  const isTroubled = async () => (await troubles())[pool.id] !== null;

  await leader.failed(ctx, [pool.id]);
  expect(leader.count).toBe(0);
  await leader.wentWell(ctx, pool.id);
  await leader.failed(ctx, [pool.id]);
  for (let n = 0; n < 3; n += 1) await other.failed(ctx, [pool.id]);
  expect(await isTroubled()).toBe(false);

  await leader.wentWell(ctx, pool.id);
  await asOwner(`UPDATE pool_lease SET troubled_since = now()`);
  await other.wentWell(ctx, pool.id);
  expect(await isTroubled()).toBe(true);
  leader.forget(pool.id);
  await leader.wentWell(ctx, pool.id);
  expect(await isTroubled()).toBe(false);
});

test('a pool that cannot be read keeps no other from being led', async () => {
  await book(market, { skuId: 'sku_fs-m890-hour' });
  const foreign = `(SELECT max(id) FROM card WHERE pool_id = '${SHAOGUAN}')`;
  await asOwner(`CREATE TABLE kept AS SELECT id, card_id FROM allocation`);
  await asOwner(
    `SET session_replication_role = replica; UPDATE allocation SET card_id = ${foreign} WHERE pool_id = '${FOSHAN}' AND end_at > (SELECT max(end_at) - interval '1 minute' FROM allocation)`,
  );
  await killEngine(market);
  await failOnce();
  expect(market.engine.pools.map(({ id }) => id)).toEqual([SHAOGUAN]);

  await asOwner(
    'SET session_replication_role = replica; UPDATE allocation a SET card_id = k.card_id FROM kept k WHERE k.id = a.id',
  );
  await killEngine(market);
  await settleDown(market);
  expect(market.engine.pools.map(({ id }) => id)).toEqual([FOSHAN, SHAOGUAN]);
});

test('a catalog that could not be read is read at the next turn', async () => {
  const [pool] = market.engine.pools;
  const before = pool?.mind.book.catalog;
  market.engine.wake('catalog');
  await asOwner('ALTER TABLE image RENAME TO image_away');
  await expect(market.engine.turn()).rejects.toThrow('image');
  await asOwner('ALTER TABLE image_away RENAME TO image');
  await settleDown(market);
  expect(pool?.mind.book.catalog).not.toBe(before);
});
