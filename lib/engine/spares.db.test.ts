import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { listSkus } from '#lib/catalog/service.ts';
import { Forbidden } from '#lib/identity/authorize.ts';
import { staffCtx } from '#lib/identity/context.ts';
import { newStaff } from '#lib/identity/testing/people.ts';
import { withTx } from '#lib/platform/db.ts';
import { withAdmin } from '#lib/platform/embedded-postgres.ts';
import { createTestDatabase, SYSTEM } from '#lib/platform/testing/database.ts';
import { listSpares, previewSpares, setSpares } from '#lib/reservations/spare-share.ts';
import { book, customerOf, during, killEngine, openTestMarket, settleDown } from './testing-market.ts';

const ownerUrl = await createTestDatabase();
const market = await openTestMarket(64, 100_000n);
const opsSecret = await newStaff(['ops']);
const ops = () => staffCtx(opsSecret);

async function shareSet(shareBps: number, idempotencyKey: string) {
  const asked = { poolId: market.poolId, shareBps, reason: 'more failures', idempotencyKey };
  return during(market, setSpares(await ops(), asked));
}
const spares = async () => (await listSpares(await ops()))[0];

test('a share is shown, set without a restart, on record, and kept by the next leader', async () => {
  await settleDown(market);
  const preview = await previewSpares(await ops(), { poolId: market.poolId, shareBps: 500 });
  expect(preview).toMatchObject({ before: { spares: 0, onSale: 64 }, after: { spares: 3, onSale: 61 }, short: 0 });
  expect(await shareSet(500, 'set-5')).toMatchObject({ ok: true });
  expect(await spares()).toMatchObject({ shareBps: 500, cards: 3, ready: 3, onSale: 61 });
  expect((await spares())?.setBy).toMatch(/^user:/);
  expect(await book(market, { cards: 62 })).toMatchObject({ ok: false, refusal: { code: 'capacityExhausted' } });
  await killEngine(market);
  expect(await book(market, { cards: 62 })).toMatchObject({ ok: false, refusal: { code: 'capacityExhausted' } });
  expect(await book(market, { cards: 61 })).toMatchObject({ ok: true });
  const audit = await withTx(SYSTEM, (tx) => tx.auditEvent.findMany({ where: { action: 'command.setSpares' } }));
  expect(audit).toMatchObject([{ data: { request: { shareBps: 500, reason: 'more failures' } } }]);
});

test('a share that would take somebody’s card is refused, as it was shown', async () => {
  const preview = await previewSpares(await ops(), { poolId: market.poolId, shareBps: 1_000 });
  expect(preview?.short).toBe(3);
  expect(await shareSet(1_000, 'set-10')).toMatchObject({
    ok: false,
    refusal: { code: 'sparesTaken', needed: 3, free: 0 },
  });
  expect(await spares()).toMatchObject({ shareBps: 500, cards: 3 });
  expect(await shareSet(0, 'set-0')).toMatchObject({ ok: true });
  expect(await spares()).toMatchObject({ shareBps: 0, cards: 0, onSale: 64 });
});

test('only operations sets it, within its bounds, for a pool that is there', async () => {
  const asked = { poolId: market.poolId, shareBps: 100, reason: 'x', idempotencyKey: 'no' };
  const auditor = await staffCtx(await newStaff(['auditor']));
  for (const ctx of [auditor, await customerOf(market.organisationId)]) {
    await expect(setSpares(ctx, asked)).rejects.toThrow(Forbidden);
    await expect(previewSpares(ctx, asked)).rejects.toThrow(Forbidden);
  }
  for (const poolId of ['pol_none', "no'"])
    expect(await setSpares(await ops(), { ...asked, poolId })).toMatchObject({ refusal: { code: 'poolUnknown' } });
  await expect(setSpares(await ops(), { ...asked, shareBps: 5_001 })).rejects.toThrow();
  await expect(
    withTx(SYSTEM, (tx) => tx.$executeRaw`UPDATE pool SET spare_bps = 5001 WHERE id = ${market.poolId}`),
  ).rejects.toThrow('pool_spare_bps_check');
});

/** What the migration does for markets from before it, done again on one that looks like them. */
async function migrateOldMarket(): Promise<void> {
  const text = await readFile(
    new URL('../../prisma/migrations/0019_projects_and_spares/migration.sql', import.meta.url),
    'utf8',
  );
  const [, forOldMarkets = ''] = text.split('-- Markets from before the queue');
  await withAdmin(ownerUrl, async (client) => {
    await client.query('ALTER TABLE price_version DISABLE TRIGGER USER; ALTER TABLE price_band DISABLE TRIGGER USER');
    await client.query(
      "DELETE FROM price_band USING price_version v WHERE v.id = price_version_id AND v.tier <> 'standard'",
    );
    await client.query("DELETE FROM price_version WHERE tier <> 'standard'");
    await client.query('ALTER TABLE price_version ENABLE TRIGGER USER; ALTER TABLE price_band ENABLE TRIGGER USER');
    await client.query(`-- ${forOldMarkets}`);
  });
}

test('a market from before has tiers of its price with its bands, and its leader is asked for spares', async () => {
  await settleDown(market);
  await withTx(
    SYSTEM,
    (tx) => tx.$executeRaw`INSERT INTO price_band (price_version_id, from_hour, to_hour, factor_bps)
      SELECT v.id, 0, 8, 7000 FROM price_version v JOIN sku s ON s.id = v.sku_id WHERE s.purchase = 'by-hour'`,
  );
  const before = await listSkus(await ops());
  await migrateOldMarket();
  market.engine.wake('everything');
  await settleDown(market);
  expect(await listSkus(await ops())).toEqual(before);
  expect(await spares()).toMatchObject({ shareBps: 200, cards: 1, onSale: 63, setBy: 'system:migration' });
});
